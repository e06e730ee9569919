-- What each row's links find, and how that went. Amazon Redshift: compiled, not run.

UPDATE "ombud_t_fact_opt_log" SET "l0" = (
  SELECT
    CASE
      WHEN CASE
        WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
        THEN 'none'
        WHEN "opt_log_1"."customer_id" IS NULL
        THEN 'missing'
        WHEN (SELECT COUNT(*) FROM "customer" AS "customer_1" WHERE "customer_1"."id" = "opt_log_1"."customer_id") = 0
        THEN 'dangling'
        WHEN (SELECT COUNT(*) FROM "customer" AS "customer_1" WHERE "customer_1"."id" = "opt_log_1"."customer_id") = 1
        THEN 'found'
        ELSE 'several'
      END = 'found'
      THEN (
        SELECT MIN("ombud_t_fact_customer_1"."rid")
        FROM "customer" AS "customer_2", "ombud_t_fact_customer" AS "ombud_t_fact_customer_1"
        WHERE "customer_2"."id" = "opt_log_1"."customer_id" AND "ombud_t_fact_customer_1"."k0" = "customer_2"."id"
      )
      ELSE NULL
    END
  FROM "opt_log" AS "opt_log_1"
  WHERE "ombud_t_fact_opt_log"."k0" = "opt_log_1"."customer_id" AND "ombud_t_fact_opt_log"."k1" = "opt_log_1"."seq"
), "q0" = (
  SELECT
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "opt_log_1"."customer_id" IS NULL
      THEN 'missing'
      WHEN (SELECT COUNT(*) FROM "customer" AS "customer_3" WHERE "customer_3"."id" = "opt_log_1"."customer_id") = 0
      THEN 'dangling'
      WHEN (SELECT COUNT(*) FROM "customer" AS "customer_3" WHERE "customer_3"."id" = "opt_log_1"."customer_id") = 1
      THEN 'found'
      ELSE 'several'
    END
  FROM "opt_log" AS "opt_log_1"
  WHERE "ombud_t_fact_opt_log"."k0" = "opt_log_1"."customer_id" AND "ombud_t_fact_opt_log"."k1" = "opt_log_1"."seq"
);
