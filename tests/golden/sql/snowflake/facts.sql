-- What each row's own columns say. Snowflake: compiled, not run.

INSERT INTO "ombud_t_fact_customer" ("k0", "birth", "who", "born", "old", "kind", "s0", "d0")
SELECT
  "customer_1"."id" AS "k0",
  COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '') AS "birth",
  'key|customer|' || COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '') || '|' || CAST("customer_1"."id" AS VARCHAR) AS "who",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
    AND "customer_1"."created" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" AS "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = TO_CHAR("customer_1"."created", 'YYYY-MM-DD')
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
    AND "customer_1"."created" < TO_DATE('2026-05-30', 'yyyy-mm-DD')
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN TRUE THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "customer_1"."ended_on" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "customer_1"."ended_on" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" AS "ombud_calendar_2"
        WHERE "ombud_calendar_2"."day" = TO_CHAR("customer_1"."ended_on", 'YYYY-MM-DD')
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
  COALESCE(TO_CHAR("order_1"."placed", 'YYYY-MM-DD'), '') AS "birth",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
    AND "order_1"."placed" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" AS "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
    AND "order_1"."placed" < TO_DATE('2026-05-30', 'yyyy-mm-DD')
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN TRUE THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= TO_TIMESTAMP_TZ('1899-12-31 23:00:00 +00:00', 'yyyy-mm-DD hh24:mi:ss tzh:tzm')
      AND "order_1"."booked_at" < TO_TIMESTAMP_TZ('2199-12-31 23:00:00 +00:00', 'yyyy-mm-DD hh24:mi:ss tzh:tzm')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= TO_TIMESTAMP_TZ('1899-12-31 23:00:00 +00:00', 'yyyy-mm-DD hh24:mi:ss tzh:tzm')
      AND "order_1"."booked_at" < TO_TIMESTAMP_TZ('2199-12-31 23:00:00 +00:00', 'yyyy-mm-DD hh24:mi:ss tzh:tzm')
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" AS "ombud_calendar_2"
        WHERE
          COLLATE("ombud_calendar_2"."utc", 'utf8') <= COLLATE(
            REPLACE(TO_CHAR(CONVERT_TIMEZONE('UTC', "order_1"."booked_at"), 'yyyy-mm-DD hh24:mi:ss.ff6'), 'T', ' '),
            'utf8'
          )
        ORDER BY COLLATE("ombud_calendar_2"."utc", 'utf8') DESC, "ombud_calendar_2"."day" DESC
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
      AND "order_1"."placed" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "order_1"."placed" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s1",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    THEN CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "order_1"."placed" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN (
        SELECT "ombud_calendar_3"."day"
        FROM "ombud_calendar" AS "ombud_calendar_3"
        WHERE "ombud_calendar_3"."day" = TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d1",
  CASE
    WHEN "order_1"."status" IS NOT NULL
    AND COLLATE("order_1"."status", 'utf8') IN ('sent', 'it\'s \\ öppen')
    THEN 1
    ELSE 0
  END AS "w0"
FROM "order" AS "order_1"
WHERE "order_1"."id" IS NOT NULL;
