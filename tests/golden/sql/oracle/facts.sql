-- What each row's own columns say. Oracle Database 19c: compiled, not run.

INSERT INTO "ombud_t_fact_customer" ("k0", "birth", "who", "born", "old", "kind", "s0", "d0")
SELECT
  "customer_1"."id" AS "k0",
  COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '␞') AS "birth",
  NVL2(
    CAST("customer_1"."id" AS VARCHAR2(4000)),
    'key|customer|' || COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '') || '|' || CAST("customer_1"."id" AS VARCHAR2(4000)),
    NULL
  ) AS "who",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
    AND "customer_1"."created" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = TO_CHAR("customer_1"."created", 'YYYY-MM-DD')
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" IS NOT NULL
    AND "customer_1"."created" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
    AND "customer_1"."created" < TO_DATE('2026-05-30', 'YYYY-MM-DD')
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN (1 = 1) THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
      AND "customer_1"."ended_on" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "customer_1"."ended_on" IS NOT NULL
    THEN CASE
      WHEN "customer_1"."ended_on" IS NOT NULL
      AND "customer_1"."ended_on" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
      AND "customer_1"."ended_on" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" "ombud_calendar_2"
        WHERE "ombud_calendar_2"."day" = TO_CHAR("customer_1"."ended_on", 'YYYY-MM-DD')
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d0"
FROM "customer" "customer_1"
WHERE "customer_1"."id" IS NOT NULL;

INSERT INTO "ombud_t_fact_order" ("k0", "birth", "born", "old", "kind", "s0", "d0", "s1", "d1", "w0")
SELECT
  "order_1"."id" AS "k0",
  COALESCE(TO_CHAR("order_1"."placed", 'YYYY-MM-DD'), '␞') AS "birth",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
    AND "order_1"."placed" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
    THEN (
      SELECT "ombud_calendar_1"."day"
      FROM "ombud_calendar" "ombud_calendar_1"
      WHERE "ombud_calendar_1"."day" = TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
    )
    ELSE NULL
  END AS "born",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" IS NOT NULL
    AND "order_1"."placed" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
    AND "order_1"."placed" < TO_DATE('2026-05-30', 'YYYY-MM-DD')
    THEN 1
    ELSE 0
  END AS "old",
  CASE WHEN (1 = 1) THEN '0' ELSE NULL END AS "kind",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= FROM_TZ(TO_TIMESTAMP('1899-12-31 23:00:00', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')
      AND "order_1"."booked_at" < FROM_TZ(TO_TIMESTAMP('2199-12-31 23:00:00', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s0",
  CASE
    WHEN "order_1"."booked_at" IS NOT NULL
    THEN CASE
      WHEN "order_1"."booked_at" IS NOT NULL
      AND "order_1"."booked_at" >= FROM_TZ(TO_TIMESTAMP('1899-12-31 23:00:00', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')
      AND "order_1"."booked_at" < FROM_TZ(TO_TIMESTAMP('2199-12-31 23:00:00', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')
      THEN (
        SELECT "ombud_calendar_2"."day"
        FROM "ombud_calendar" "ombud_calendar_2"
        WHERE
          ("ombud_calendar_2"."utc" COLLATE BINARY) <= (
            REPLACE(
              TO_CHAR(SYS_EXTRACT_UTC("order_1"."booked_at"), 'YYYY-MM-DD HH24:MI:SS.FF6'),
              'T',
              ' '
            ) COLLATE BINARY
          )
        ORDER BY "ombud_calendar_2"."utc" COLLATE BINARY DESC, "ombud_calendar_2"."day" DESC
        FETCH FIRST 1 ROWS ONLY
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d0",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    THEN CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
      AND "order_1"."placed" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS "s1",
  CASE
    WHEN "order_1"."placed" IS NOT NULL
    THEN CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= TO_DATE('1900-01-01', 'YYYY-MM-DD')
      AND "order_1"."placed" < TO_DATE('2200-01-01', 'YYYY-MM-DD')
      THEN (
        SELECT "ombud_calendar_3"."day"
        FROM "ombud_calendar" "ombud_calendar_3"
        WHERE "ombud_calendar_3"."day" = TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
      )
      ELSE NULL
    END
    ELSE NULL
  END AS "d1",
  CASE
    WHEN "order_1"."status" IS NOT NULL
    AND "order_1"."status" COLLATE BINARY IN ('sent', 'it''s \ öppen')
    THEN 1
    ELSE 0
  END AS "w0"
FROM "order" "order_1"
WHERE "order_1"."id" IS NOT NULL;
