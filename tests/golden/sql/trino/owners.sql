-- Whom each row is about, one rule at a time. Trino: compiled, not run.

INSERT INTO "ombud_t_owner_letter" ("rid", "rule", "who", "status")
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_1",
  CAST(NULL AS VARCHAR) AS "anon_2",
  'open' AS "anon_3"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1"
WHERE "ombud_t_fact_letter_1"."i0" IS NULL
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_4",
  CAST("ombud_t_bearer_1"."who" AS VARCHAR) AS "who",
  CASE
    WHEN NOT EXISTS(
      SELECT 1
      FROM "ombud_t_bearer" AS "ombud_t_bearer_2"
      WHERE
        "ombud_t_bearer_2"."kind" = 'email'
        AND "ombud_t_bearer_2"."digest" = "ombud_t_fact_letter_1"."i0"
        AND (
          "ombud_t_bearer_2"."company" IS NULL
          OR "ombud_t_fact_letter_1"."company" IS NULL
          OR "ombud_t_bearer_2"."company" = "ombud_t_fact_letter_1"."company"
        )
        AND "ombud_t_bearer_2"."who" <> "ombud_t_bearer_1"."who"
    )
    AND "ombud_t_bearer_1"."company" = "ombud_t_fact_letter_1"."company"
    AND NOT EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_1"
      WHERE
        "ombud_memo_letter_1"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_1"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_1"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_1"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_1"."state" = 'candidate'
    )
    THEN 'certain'
    ELSE 'candidate'
  END AS "anon_5"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1", "ombud_t_bearer" AS "ombud_t_bearer_1"
WHERE
  "ombud_t_fact_letter_1"."i0" <> ''
  AND "ombud_t_bearer_1"."kind" = 'email'
  AND "ombud_t_bearer_1"."digest" = "ombud_t_fact_letter_1"."i0"
  AND (
    "ombud_t_bearer_1"."company" IS NULL
    OR "ombud_t_fact_letter_1"."company" IS NULL
    OR "ombud_t_bearer_1"."company" = "ombud_t_fact_letter_1"."company"
  )
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_6",
  CAST(CONCAT(CAST('id|email|' AS VARCHAR), CAST("ombud_t_fact_letter_1"."i0" AS VARCHAR)) AS VARCHAR) AS "anon_7",
  'certain' AS "anon_8"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1"
WHERE
  "ombud_t_fact_letter_1"."i0" <> ''
  AND NOT EXISTS(
    SELECT 1
    FROM "ombud_t_bearer" AS "ombud_t_bearer_1"
    WHERE
      "ombud_t_bearer_1"."kind" = 'email'
      AND "ombud_t_bearer_1"."digest" = "ombud_t_fact_letter_1"."i0"
      AND (
        "ombud_t_bearer_1"."company" IS NULL
        OR "ombud_t_fact_letter_1"."company" IS NULL
        OR "ombud_t_bearer_1"."company" = "ombud_t_fact_letter_1"."company"
      )
  )
  AND NOT (
    EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_2"
      WHERE
        "ombud_memo_letter_2"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_2"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_2"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_2"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_2"."state" = 'certain'
    )
    OR EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_3"
      WHERE
        "ombud_memo_letter_3"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_3"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_3"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_3"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_3"."state" = 'candidate'
    )
    OR EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_4"
      WHERE
        "ombud_memo_letter_4"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_4"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_4"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_4"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_4"."state" = 'open'
    )
  )
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_9",
  CAST("ombud_memo_letter_5"."who" AS VARCHAR) AS "who",
  "ombud_memo_letter_5"."state"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1", "ombud_memo_letter" AS "ombud_memo_letter_5"
WHERE
  "ombud_memo_letter_5"."k0" = "ombud_t_fact_letter_1"."k0"
  AND "ombud_memo_letter_5"."birth" = "ombud_t_fact_letter_1"."birth"
  AND "ombud_memo_letter_5"."rule" = 'owner/by/email/sender/not_yet'
  AND "ombud_memo_letter_5"."state" IN ('certain', 'candidate', 'open')
  AND "ombud_t_fact_letter_1"."i0" <> ''
  AND (
    EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_1"
      WHERE
        "ombud_memo_letter_1"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_1"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_1"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_1"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_1"."state" = 'candidate'
    )
    OR NOT EXISTS(
      SELECT 1
      FROM "ombud_t_bearer" AS "ombud_t_bearer_1"
      WHERE
        "ombud_t_bearer_1"."kind" = 'email'
        AND "ombud_t_bearer_1"."digest" = "ombud_t_fact_letter_1"."i0"
        AND (
          "ombud_t_bearer_1"."company" IS NULL
          OR "ombud_t_fact_letter_1"."company" IS NULL
          OR "ombud_t_bearer_1"."company" = "ombud_t_fact_letter_1"."company"
        )
    )
  )
  AND "ombud_memo_letter_5"."named" = "ombud_t_fact_letter_1"."i0"
  AND (
    NOT EXISTS(
      SELECT 1
      FROM "ombud_memo_letter" AS "ombud_memo_letter_1"
      WHERE
        "ombud_memo_letter_1"."k0" = "ombud_t_fact_letter_1"."k0"
        AND "ombud_memo_letter_1"."birth" = "ombud_t_fact_letter_1"."birth"
        AND "ombud_memo_letter_1"."rule" = 'owner/by/email/sender/not_yet'
        AND "ombud_memo_letter_1"."named" = "ombud_t_fact_letter_1"."i0"
        AND "ombud_memo_letter_1"."state" = 'candidate'
    )
    OR "ombud_memo_letter_5"."state" = 'candidate'
  )
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_10",
  CAST("ombud_memo_letter_6"."who" AS VARCHAR) AS "who",
  "ombud_memo_letter_6"."state"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1", "ombud_memo_letter" AS "ombud_memo_letter_6"
WHERE
  "ombud_memo_letter_6"."k0" = "ombud_t_fact_letter_1"."k0"
  AND "ombud_memo_letter_6"."birth" = "ombud_t_fact_letter_1"."birth"
  AND "ombud_memo_letter_6"."rule" = 'owner/by/email/sender/not_yet'
  AND "ombud_memo_letter_6"."state" IN ('certain', 'candidate', 'open')
  AND "ombud_t_fact_letter_1"."i0" = ''
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_letter_1"."rid",
  'owner/by/email/sender/not_yet' AS "anon_11",
  CAST(NULL AS VARCHAR) AS "anon_2",
  'open' AS "anon_12"
FROM "ombud_t_fact_letter" AS "ombud_t_fact_letter_1"
WHERE
  "ombud_t_fact_letter_1"."i0" = ''
  AND NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_letter" AS "ombud_memo_letter_7"
    WHERE
      "ombud_memo_letter_7"."k0" = "ombud_t_fact_letter_1"."k0"
      AND "ombud_memo_letter_7"."birth" = "ombud_t_fact_letter_1"."birth"
      AND "ombud_memo_letter_7"."rule" = 'owner/by/email/sender/not_yet'
  );

INSERT INTO "ombud_t_owner_order" ("rid", "rule", "who", "status")
SELECT DISTINCT
  "ombud_t_fact_order_1"."rid",
  'owner/of/customer' AS "anon_1",
  CAST("ombud_t_owner_customer_1"."who" AS VARCHAR) AS "who",
  "ombud_t_owner_customer_1"."status"
FROM "ombud_t_fact_order" AS "ombud_t_fact_order_1", "ombud_t_owner_customer" AS "ombud_t_owner_customer_1"
WHERE
  "ombud_t_owner_customer_1"."rid" = "ombud_t_fact_order_1"."l0"
  AND "ombud_t_owner_customer_1"."rule" IN ('owner/is/customer')
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_order_1"."rid",
  'owner/of/customer' AS "anon_2",
  CAST("ombud_memo_order_1"."who" AS VARCHAR) AS "who",
  "ombud_memo_order_1"."state"
FROM "ombud_t_fact_order" AS "ombud_t_fact_order_1", "ombud_memo_order" AS "ombud_memo_order_1"
WHERE
  "ombud_memo_order_1"."k0" = "ombud_t_fact_order_1"."k0"
  AND "ombud_memo_order_1"."birth" = "ombud_t_fact_order_1"."birth"
  AND "ombud_memo_order_1"."rule" = 'owner/of/customer'
  AND "ombud_memo_order_1"."state" IN ('certain', 'candidate', 'open')
  AND "ombud_t_fact_order_1"."q0" IN ('missing', 'dangling')
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_order_1"."rid",
  'owner/of/customer' AS "anon_3",
  CAST(NULL AS VARCHAR) AS "anon_4",
  'open' AS "anon_5"
FROM "ombud_t_fact_order" AS "ombud_t_fact_order_1"
WHERE
  "ombud_t_fact_order_1"."q0" = 'several'
  OR ("ombud_t_fact_order_1"."q0" = 'dangling' OR "ombud_t_fact_order_1"."q0" = 'missing')
  AND NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_order" AS "ombud_memo_order_2"
    WHERE
      "ombud_memo_order_2"."k0" = "ombud_t_fact_order_1"."k0"
      AND "ombud_memo_order_2"."birth" = "ombud_t_fact_order_1"."birth"
      AND "ombud_memo_order_2"."rule" = 'owner/of/customer'
  );

INSERT INTO "ombud_t_owner_parcel" ("rid", "rule", "who", "status")
SELECT DISTINCT
  "ombud_t_fact_parcel_1"."rid",
  'owner/each/order/parcel/none' AS "anon_1",
  CAST("ombud_t_owner_order_1"."who" AS VARCHAR) AS "who",
  "ombud_t_owner_order_1"."status"
FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1", "ombud_t_fact_order" AS "ombud_t_fact_order_1"
JOIN "ombud_t_owner_order" AS "ombud_t_owner_order_1" ON "ombud_t_owner_order_1"."rid" = "ombud_t_fact_order_1"."rid"
WHERE
  "ombud_t_fact_order_1"."l1" = "ombud_t_fact_parcel_1"."rid"
  AND "ombud_t_owner_order_1"."rule" IN ('owner/of/customer')
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_parcel_1"."rid",
  'owner/each/order/parcel/none' AS "anon_2",
  CAST("ombud_memo_parcel_1"."who" AS VARCHAR) AS "who",
  "ombud_memo_parcel_1"."state"
FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1", "ombud_memo_parcel" AS "ombud_memo_parcel_1"
WHERE
  "ombud_memo_parcel_1"."k0" = "ombud_t_fact_parcel_1"."k0"
  AND "ombud_memo_parcel_1"."birth" = "ombud_t_fact_parcel_1"."birth"
  AND "ombud_memo_parcel_1"."rule" = 'owner/each/order/parcel/none'
  AND "ombud_memo_parcel_1"."state" IN ('certain', 'candidate', 'open')
UNION ALL
SELECT DISTINCT
  "ombud_t_fact_parcel_1"."rid",
  'owner/each/order/parcel/none' AS "anon_3",
  CAST(NULL AS VARCHAR) AS "anon_4",
  'open' AS "anon_5"
FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1"
WHERE
  NOT EXISTS(
    SELECT 1
    FROM "ombud_t_fact_order" AS "ombud_t_fact_order_1"
    WHERE "ombud_t_fact_order_1"."l1" = "ombud_t_fact_parcel_1"."rid"
  )
  AND NOT EXISTS(
    SELECT 1
    FROM "ombud_memo_parcel" AS "ombud_memo_parcel_2"
    WHERE
      "ombud_memo_parcel_2"."k0" = "ombud_t_fact_parcel_1"."k0"
      AND "ombud_memo_parcel_2"."birth" = "ombud_t_fact_parcel_1"."birth"
      AND "ombud_memo_parcel_2"."rule" = 'owner/each/order/parcel/none'
  )
  AND "ombud_t_fact_parcel_1"."old" <> 1;
