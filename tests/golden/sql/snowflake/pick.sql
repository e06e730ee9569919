-- The next rows of the batch. Snowflake: compiled, not run.

INSERT INTO "ombud_t_pick_order" ("k0")
SELECT "ombud_due_order_1"."k0"
FROM "ombud_due_order" AS "ombud_due_order_1"
WHERE "ombud_due_order_1"."plan" = 'PLAN' AND "ombud_due_order_1"."done" = 0
ORDER BY "ombud_due_order_1"."k0"
LIMIT 1000;
