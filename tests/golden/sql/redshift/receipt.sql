-- The batch is done, and how many rows and cells it changed. Amazon Redshift: compiled, not run.

UPDATE "ombud_due_order" SET "done" = (
  SELECT COALESCE(MAX("ombud_receipt"."batch"), 0) + 1
  FROM "ombud_receipt"
  WHERE "ombud_receipt"."plan" = 'PLAN' AND "ombud_receipt"."step" = 'order'
)
WHERE
  "ombud_due_order"."plan" = 'PLAN'
  AND EXISTS(
    SELECT 1
    FROM "ombud_t_pick_order" AS "ombud_t_pick_order_1"
    WHERE "ombud_t_pick_order_1"."k0" = "ombud_due_order"."k0"
  );

INSERT INTO "ombud_receipt" ("plan", "step", "batch", "rows")
SELECT
  'PLAN' AS "anon_1",
  'order' AS "anon_2",
  (
    SELECT COALESCE(MAX("ombud_receipt"."batch"), 0) + 1
    FROM "ombud_receipt"
    WHERE "ombud_receipt"."plan" = 'PLAN' AND "ombud_receipt"."step" = 'order'
  ) AS "anon_3",
  0 + "anon_6"."coalesce_1" + "anon_6"."coalesce_2" + "anon_6"."coalesce_3" AS "anon_5"
FROM (
  SELECT
    COALESCE(SUM(CASE WHEN "ombud_t_batch_order"."gone" = 1 THEN 1 ELSE 0 END), 0) AS "coalesce_1",
    COALESCE(
      SUM(CASE WHEN "ombud_t_batch_order"."gone" = 0 AND "ombud_t_batch_order"."c0" = 1 THEN 1 ELSE 0 END),
      0
    ) AS "coalesce_2",
    COALESCE(
      SUM(CASE WHEN "ombud_t_batch_order"."gone" = 0 AND "ombud_t_batch_order"."c1" = 1 THEN 1 ELSE 0 END),
      0
    ) AS "coalesce_3"
  FROM "ombud_t_batch_order"
) AS "anon_6";
