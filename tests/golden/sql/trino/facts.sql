-- What each row's own columns say. Trino: compiled, not run.

INSERT INTO "ombud_t_fact_customer" ("k0", "birth", "who", "born", "old", "kind", "s0", "d0")
SELECT
  "customer_1"."id" AS "k0",
  COALESCE(CAST("customer_1"."created" AS VARCHAR), '') AS "birth",
  CONCAT(
    CAST('key|customer|' AS VARCHAR),
    CAST(COALESCE(CAST("customer_1"."created" AS VARCHAR), '') AS VARCHAR),
    CAST('|' AS VARCHAR),
    CAST(CAST("customer_1"."id" AS VARCHAR) AS VARCHAR)
  ) AS "who",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= CAST('1900-01-01' AS DATE)
    AND "customer_1"."created" < CAST('2200-01-01' AS DATE)
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" AS "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = CAST("customer_1"."created" AS VARCHAR)
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= CAST('1900-01-01' AS DATE)
    AND "customer_1"."created" < CAST('2026-05-30' AS DATE)
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN TRUE THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= CAST('1900-01-01' AS DATE)
      AND "customer_1"."ended_on" < CAST('2200-01-01' AS DATE)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= CAST('1900-01-01' AS DATE)
      AND "customer_1"."ended_on" < CAST('2200-01-01' AS DATE)
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" AS "ombud_calendar_2"
        WHERE "ombud_calendar_2"."day" = CAST("customer_1"."ended_on" AS VARCHAR)
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d0"
FROM "customer" AS "customer_1"
WHERE "customer_1"."id" IS NOT NULL;

INSERT INTO "ombud_t_fact_order" ("k0", "birth", "born", "old", "kind", "s0", "d0", "s1", "d1", "w0")
SELECT
  "order_1"."id" AS "k0",
  COALESCE(CAST("order_1"."placed" AS VARCHAR), '') AS "birth",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= CAST('1900-01-01' AS DATE)
    AND "order_1"."placed" < CAST('2200-01-01' AS DATE)
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" AS "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = CAST("order_1"."placed" AS VARCHAR)
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= CAST('1900-01-01' AS DATE)
    AND "order_1"."placed" < CAST('2026-05-30' AS DATE)
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN TRUE THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= CAST('1899-12-31 23:00:00 UTC' AS TIMESTAMP WITH TIME ZONE)
      AND "order_1"."booked_at" < CAST('2199-12-31 23:00:00 UTC' AS TIMESTAMP WITH TIME ZONE)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= CAST('1899-12-31 23:00:00 UTC' AS TIMESTAMP WITH TIME ZONE)
      AND "order_1"."booked_at" < CAST('2199-12-31 23:00:00 UTC' AS TIMESTAMP WITH TIME ZONE)
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" AS "ombud_calendar_2"
        WHERE
          "ombud_calendar_2"."utc" <= REPLACE(
            CAST(CAST(AT_TIMEZONE("order_1"."booked_at", 'UTC') AS TIMESTAMP(6)) AS VARCHAR),
            'T',
            ' '
          )
        ORDER BY "ombud_calendar_2"."utc" DESC, "ombud_calendar_2"."day" DESC
        LIMIT 1
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d0",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    THEN CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= CAST('1900-01-01' AS DATE)
      AND "order_1"."placed" < CAST('2200-01-01' AS DATE)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s1",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    THEN CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= CAST('1900-01-01' AS DATE)
      AND "order_1"."placed" < CAST('2200-01-01' AS DATE)
      THEN (
        SELECT "ombud_calendar_3"."day"
        FROM "ombud_calendar" AS "ombud_calendar_3"
        WHERE "ombud_calendar_3"."day" = CAST("order_1"."placed" AS VARCHAR)
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d1",
  CASE WHEN "order_1"."status" IS NOT NULL AND "order_1"."status" IN ('sent', 'it''s \ öppen') THEN 1 ELSE 0
  END AS "w0"
FROM "order" AS "order_1"
WHERE "order_1"."id" IS NOT NULL;
