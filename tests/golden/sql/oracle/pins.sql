-- Rows that others lean on stay as shells; repeated until nothing changes. Oracle Database 19c: compiled, not run.

UPDATE "ombud_due_customer" SET "pinned" = 1
WHERE
  "ombud_due_customer"."plan" = 'PLAN'
  AND "ombud_due_customer"."gone" = 1
  AND "ombud_due_customer"."pinned" = 0
  AND EXISTS(
    SELECT 1
    FROM "customer" "customer_1"
    WHERE
      "ombud_due_customer"."k0" = "customer_1"."id"
      AND EXISTS(
        SELECT 1
        FROM "order" "order_1"
        WHERE
          "customer_1"."id" = "order_1"."customer_id"
          AND (1 = 1)
          AND NOT EXISTS(
            SELECT 1
            FROM "ombud_due_order" "ombud_due_order_1"
            WHERE
              "ombud_due_order_1"."plan" = 'PLAN'
              AND "ombud_due_order_1"."k0" = "order_1"."id"
              AND "ombud_due_order_1"."gone" = 1
              AND "ombud_due_order_1"."pinned" = 0
          )
      )
  );

UPDATE "ombud_due_customer" SET "pinned" = 1
WHERE
  "ombud_due_customer"."plan" = 'PLAN'
  AND "ombud_due_customer"."gone" = 1
  AND "ombud_due_customer"."pinned" = 0
  AND EXISTS(
    SELECT 1
    FROM "customer" "customer_1"
    WHERE
      "ombud_due_customer"."k0" = "customer_1"."id"
      AND EXISTS(
        SELECT 1
        FROM "opt_log" "opt_log_1"
        WHERE
          "customer_1"."id" = "opt_log_1"."customer_id"
          AND (1 = 1)
          AND NOT EXISTS(
            SELECT 1
            FROM "ombud_due_opt_log" "ombud_due_opt_log_1"
            WHERE
              "ombud_due_opt_log_1"."plan" = 'PLAN'
              AND "ombud_due_opt_log_1"."k0" = "opt_log_1"."customer_id"
              AND "ombud_due_opt_log_1"."k1" = "opt_log_1"."seq"
              AND "ombud_due_opt_log_1"."gone" = 1
              AND "ombud_due_opt_log_1"."pinned" = 0
          )
      )
  );
