-- What a row that goes said of others is written beside these. Amazon Redshift: compiled, not run.

INSERT INTO "ombud_memo_customer" ("k0", "birth", "rule", "state", "day", "who", "rank", "named")
SELECT
  "anon_1"."k0",
  "anon_1"."birth",
  "anon_1"."rule",
  "anon_1"."state",
  "anon_1"."day",
  "anon_1"."who",
  "anon_1"."rank",
  "anon_1"."named"
FROM (
  SELECT DISTINCT
    "ombud_t_fact_customer_1"."k0" AS "k0",
    "ombud_t_fact_customer_1"."birth" AS "birth",
    'moment/order/customer/customer.bought/3727e961' AS "rule",
    CASE WHEN "ombud_t_fact_order_1"."kind" = '0' THEN "ombud_t_fact_order_1"."s1" ELSE 'unknown'
    END AS "state",
    CAST(CASE
      WHEN CASE WHEN "ombud_t_fact_order_1"."kind" = '0' THEN "ombud_t_fact_order_1"."s1" ELSE 'unknown'
      END = 'day'
      THEN CASE WHEN "ombud_t_fact_order_1"."kind" = '0' THEN "ombud_t_fact_order_1"."d1" ELSE NULL
      END
      ELSE NULL
    END AS VARCHAR(65535)) AS "day",
    CAST(NULL AS VARCHAR(65535)) AS "who",
    CAST(NULL AS VARCHAR(65535)) AS "rank",
    CAST(NULL AS VARCHAR(65535)) AS "named"
  FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_1", "ombud_t_fact_order" AS "ombud_t_fact_order_1"
  WHERE
    "ombud_t_fact_order_1"."l0" = "ombud_t_fact_customer_1"."rid"
    AND "ombud_t_fact_order_1"."l0" IS NOT NULL
    AND "ombud_t_fact_order_1"."w0" = 1
    AND EXISTS(
      SELECT 1
      FROM "ombud_t_batch_order" AS "ombud_t_batch_order_1"
      WHERE "ombud_t_batch_order_1"."k0" = "ombud_t_fact_order_1"."k0" AND "ombud_t_batch_order_1"."gone" = 1
    )
) AS "anon_1"
WHERE
  NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_customer" AS "ombud_memo_customer_1"
    WHERE
      "ombud_memo_customer_1"."k0" = "anon_1"."k0"
      AND "ombud_memo_customer_1"."birth" || '.' = "anon_1"."birth" || '.'
      AND "ombud_memo_customer_1"."rule" = "anon_1"."rule"
      AND "ombud_memo_customer_1"."state" = "anon_1"."state"
      AND COALESCE("ombud_memo_customer_1"."day", '') || '.' = COALESCE("anon_1"."day", '') || '.'
      AND COALESCE("ombud_memo_customer_1"."who", '') || '.' = COALESCE("anon_1"."who", '') || '.'
      AND COALESCE("ombud_memo_customer_1"."rank", '') || '.' = COALESCE("anon_1"."rank", '') || '.'
      AND COALESCE("ombud_memo_customer_1"."named", '') || '.' = COALESCE("anon_1"."named", '') || '.'
  );

INSERT INTO "ombud_memo_parcel" ("k0", "birth", "rule", "state", "day", "who", "rank", "named")
SELECT
  "anon_1"."k0",
  "anon_1"."birth",
  "anon_1"."rule",
  "anon_1"."state",
  "anon_1"."day",
  "anon_1"."who",
  "anon_1"."rank",
  "anon_1"."named"
FROM (
  SELECT DISTINCT
    "ombud_t_fact_parcel_1"."k0" AS "k0",
    "ombud_t_fact_parcel_1"."birth" AS "birth",
    'owner/each/order/parcel/none' AS "rule",
    "ombud_t_owner_order_1"."status" AS "state",
    CAST(NULL AS VARCHAR(65535)) AS "day",
    CAST(CASE
      WHEN SUBSTRING("ombud_t_owner_order_1"."who" FROM 1 FOR 4) || '.' = 'key|.'
      THEN 'was|' || SUBSTRING("ombud_t_owner_order_1"."who" FROM 5)
      ELSE "ombud_t_owner_order_1"."who"
    END AS VARCHAR(65535)) AS "who",
    CAST(NULL AS VARCHAR(65535)) AS "rank",
    CAST(NULL AS VARCHAR(65535)) AS "named"
  FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1", "ombud_t_fact_order" AS "ombud_t_fact_order_1", "ombud_t_owner_order" AS "ombud_t_owner_order_1"
  WHERE
    "ombud_t_fact_order_1"."l1" = "ombud_t_fact_parcel_1"."rid"
    AND EXISTS(
      SELECT 1
      FROM "ombud_t_batch_order" AS "ombud_t_batch_order_1"
      WHERE "ombud_t_batch_order_1"."k0" = "ombud_t_fact_order_1"."k0" AND "ombud_t_batch_order_1"."gone" = 1
    )
    AND "ombud_t_owner_order_1"."rid" = "ombud_t_fact_order_1"."rid"
    AND "ombud_t_owner_order_1"."rule" IN ('owner/of/customer')
) AS "anon_1"
WHERE
  NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_parcel" AS "ombud_memo_parcel_1"
    WHERE
      "ombud_memo_parcel_1"."k0" || '.' = "anon_1"."k0" || '.'
      AND "ombud_memo_parcel_1"."birth" || '.' = "anon_1"."birth" || '.'
      AND "ombud_memo_parcel_1"."rule" = "anon_1"."rule"
      AND "ombud_memo_parcel_1"."state" = "anon_1"."state"
      AND COALESCE("ombud_memo_parcel_1"."day", '') || '.' = COALESCE("anon_1"."day", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."who", '') || '.' = COALESCE("anon_1"."who", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."rank", '') || '.' = COALESCE("anon_1"."rank", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."named", '') || '.' = COALESCE("anon_1"."named", '') || '.'
  );

INSERT INTO "ombud_memo_parcel" ("k0", "birth", "rule", "state", "day", "who", "rank", "named")
SELECT
  "anon_1"."k0",
  "anon_1"."birth",
  "anon_1"."rule",
  "anon_1"."state",
  "anon_1"."day",
  "anon_1"."who",
  "anon_1"."rank",
  "anon_1"."named"
FROM (
  SELECT DISTINCT
    "ombud_t_fact_parcel_1"."k0" AS "k0",
    "ombud_t_fact_parcel_1"."birth" AS "birth",
    'owner/each/order/parcel/none' AS "rule",
    'nobody' AS "state",
    CAST(NULL AS VARCHAR(65535)) AS "day",
    CAST(NULL AS VARCHAR(65535)) AS "who",
    CAST(NULL AS VARCHAR(65535)) AS "rank",
    CAST(NULL AS VARCHAR(65535)) AS "named"
  FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1", "ombud_t_fact_order" AS "ombud_t_fact_order_1"
  WHERE
    "ombud_t_fact_order_1"."l1" = "ombud_t_fact_parcel_1"."rid"
    AND EXISTS(
      SELECT 1
      FROM "ombud_t_batch_order" AS "ombud_t_batch_order_1"
      WHERE "ombud_t_batch_order_1"."k0" = "ombud_t_fact_order_1"."k0" AND "ombud_t_batch_order_1"."gone" = 1
    )
) AS "anon_1"
WHERE
  NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_parcel" AS "ombud_memo_parcel_1"
    WHERE
      "ombud_memo_parcel_1"."k0" || '.' = "anon_1"."k0" || '.'
      AND "ombud_memo_parcel_1"."birth" || '.' = "anon_1"."birth" || '.'
      AND "ombud_memo_parcel_1"."rule" = "anon_1"."rule"
      AND "ombud_memo_parcel_1"."state" = "anon_1"."state"
      AND COALESCE("ombud_memo_parcel_1"."day", '') || '.' = COALESCE("anon_1"."day", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."who", '') || '.' = COALESCE("anon_1"."who", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."rank", '') || '.' = COALESCE("anon_1"."rank", '') || '.'
      AND COALESCE("ombud_memo_parcel_1"."named", '') || '.' = COALESCE("anon_1"."named", '') || '.'
  );
