-- What was remembered of a row goes with it. Snowflake: compiled, not run.

DELETE FROM "ombud_memo_order"
WHERE
  EXISTS(
    SELECT 1
    FROM "ombud_t_batch_order" AS "ombud_t_batch_order_1"
    WHERE "ombud_t_batch_order_1"."gone" = 1 AND "ombud_t_batch_order_1"."k0" = "ombud_memo_order"."k0"
  );
