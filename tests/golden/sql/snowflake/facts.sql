-- What each row's own columns say, and what its links find: their companies and clocks, where these are known. Snowflake: compiled, not run.

INSERT INTO "ombud_t_fact_customer" (
  "k0",
  "birth",
  "who",
  "born",
  "old",
  "kind",
  "s0",
  "d0",
  "q0",
  "l0",
  "company",
  "doubt"
)
WITH "own" AS (
  SELECT
    "customer_1"."id" AS "k0",
    COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '') AS "birth",
    'key|customer|' || COALESCE(TO_CHAR("customer_1"."created", 'YYYY-MM-DD'), '') || '|' || CAST("customer_1"."id" AS VARCHAR) AS "who",
    CASE
      WHEN "customer_1"."created" IS NOT NULL
      AND "customer_1"."created" IS NOT NULL
      AND "customer_1"."created" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "customer_1"."created" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN TO_CHAR("customer_1"."created", 'YYYY-MM-DD')
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
        THEN TO_CHAR("customer_1"."ended_on", 'YYYY-MM-DD')
        ELSE NULL
      END
      ELSE NULL
    END AS "d0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "customer_1"."shop_id" IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM "ombud_t_fact_shop" AS "ombud_t_fact_shop_2"
        WHERE "ombud_t_fact_shop_2"."k0" = "customer_1"."shop_id"
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM "shop" AS "shop_1" WHERE "shop_1"."id" = "customer_1"."shop_id")
      THEN 'found'
      ELSE 'dangling'
    END AS "q0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR "customer_1"."shop_id" IS NULL
      THEN NULL
      ELSE (
        SELECT MIN("ombud_t_fact_shop_3"."rid")
        FROM "ombud_t_fact_shop" AS "ombud_t_fact_shop_3"
        WHERE "ombud_t_fact_shop_3"."k0" = "customer_1"."shop_id"
      )
    END AS "l0"
  FROM "customer" AS "customer_1"
  WHERE "customer_1"."id" IS NOT NULL
), "placed" AS (
  SELECT
    "own"."k0" AS "k0",
    "own"."birth" AS "birth",
    "own"."who" AS "who",
    "own"."born" AS "born",
    "own"."old" AS "old",
    "own"."kind" AS "kind",
    "own"."s0" AS "s0",
    "own"."d0" AS "d0",
    "own"."q0" AS "q0",
    "own"."l0" AS "l0",
    CASE
      WHEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_shop_1"."company"
          FROM "ombud_t_fact_shop" AS "ombud_t_fact_shop_1"
          WHERE "ombud_t_fact_shop_1"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_customer_1"."state")
            FROM "ombud_memo_customer" AS "ombud_memo_customer_1"
            WHERE
              "ombud_memo_customer_1"."k0" = "own"."k0"
              AND "ombud_memo_customer_1"."birth" = "own"."birth"
              AND "ombud_memo_customer_1"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END IN ('south')
      THEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_shop_1"."company"
          FROM "ombud_t_fact_shop" AS "ombud_t_fact_shop_1"
          WHERE "ombud_t_fact_shop_1"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_customer_1"."state")
            FROM "ombud_memo_customer" AS "ombud_memo_customer_1"
            WHERE
              "ombud_memo_customer_1"."k0" = "own"."k0"
              AND "ombud_memo_customer_1"."birth" = "own"."birth"
              AND "ombud_memo_customer_1"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END
      ELSE NULL
    END AS "company"
  FROM "own"
)
SELECT
  "placed"."k0",
  "placed"."birth",
  "placed"."who",
  "placed"."born",
  "placed"."old",
  "placed"."kind",
  "placed"."s0",
  "placed"."d0",
  "placed"."q0",
  "placed"."l0",
  "placed"."company",
  CASE WHEN "placed"."kind" IS NULL OR "placed"."company" IS NULL THEN 1 ELSE 0 END AS "doubt"
FROM "placed";

INSERT INTO "ombud_t_fact_order" (
  "k0",
  "birth",
  "born",
  "old",
  "kind",
  "s0",
  "d0",
  "s1",
  "d1",
  "w0",
  "q0",
  "l0",
  "q1",
  "l1",
  "q2",
  "l2",
  "company",
  "doubt",
  "s2",
  "d2"
)
WITH "own" AS (
  SELECT
    "order_1"."id" AS "k0",
    COALESCE(TO_CHAR("order_1"."placed", 'YYYY-MM-DD'), '') AS "birth",
    CASE
      WHEN "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" IS NOT NULL
      AND "order_1"."placed" >= TO_DATE('1900-01-01', 'yyyy-mm-DD')
      AND "order_1"."placed" < TO_DATE('2200-01-01', 'yyyy-mm-DD')
      THEN TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
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
          SELECT "ombud_calendar_1"."day"
          FROM "ombud_calendar" AS "ombud_calendar_1"
          WHERE
            COLLATE("ombud_calendar_1"."utc", 'utf8') <= COLLATE(
              REPLACE(TO_CHAR(CONVERT_TIMEZONE('UTC', "order_1"."booked_at"), 'yyyy-mm-DD hh24:mi:ss.ff6'), 'T', ' '),
              'utf8'
            )
          ORDER BY COLLATE("ombud_calendar_1"."utc", 'utf8') DESC, "ombud_calendar_1"."day" DESC
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
        THEN TO_CHAR("order_1"."placed", 'YYYY-MM-DD')
        ELSE NULL
      END
      ELSE NULL
    END AS "d1",
    CASE
      WHEN "order_1"."status" IS NOT NULL
      AND COLLATE("order_1"."status", 'utf8') IN ('sent', 'it\'s \\ öppen')
      THEN 1
      ELSE 0
    END AS "w0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "order_1"."customer_id" IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_3"
        WHERE "ombud_t_fact_customer_3"."k0" = "order_1"."customer_id"
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM "customer" AS "customer_1" WHERE "customer_1"."id" = "order_1"."customer_id")
      THEN 'found'
      ELSE 'dangling'
    END AS "q0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR "order_1"."customer_id" IS NULL
      THEN NULL
      ELSE (
        SELECT MIN("ombud_t_fact_customer_4"."rid")
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_4"
        WHERE "ombud_t_fact_customer_4"."k0" = "order_1"."customer_id"
      )
    END AS "l0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "order_1"."parcel_id" IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_1"
        WHERE COLLATE("ombud_t_fact_parcel_1"."k0", 'utf8') = "order_1"."parcel_id"
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM "parcel" AS "parcel_1" WHERE COLLATE("parcel_1"."id", 'utf8') = "order_1"."parcel_id")
      THEN 'found'
      ELSE 'dangling'
    END AS "q1",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR "order_1"."parcel_id" IS NULL
      THEN NULL
      ELSE (
        SELECT MIN("ombud_t_fact_parcel_2"."rid")
        FROM "ombud_t_fact_parcel" AS "ombud_t_fact_parcel_2"
        WHERE COLLATE("ombud_t_fact_parcel_2"."k0", 'utf8') = "order_1"."parcel_id"
      )
    END AS "l1",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "order_1"."gift_of" IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_5"
        WHERE "ombud_t_fact_customer_5"."k0" = "order_1"."gift_of"
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM "customer" AS "customer_2" WHERE "customer_2"."id" = "order_1"."gift_of")
      THEN 'found'
      ELSE 'dangling'
    END AS "q2",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR "order_1"."gift_of" IS NULL
      THEN NULL
      ELSE (
        SELECT MIN("ombud_t_fact_customer_6"."rid")
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_6"
        WHERE "ombud_t_fact_customer_6"."k0" = "order_1"."gift_of"
      )
    END AS "l2"
  FROM "order" AS "order_1"
  WHERE "order_1"."id" IS NOT NULL
), "placed" AS (
  SELECT
    "own"."k0" AS "k0",
    "own"."birth" AS "birth",
    "own"."born" AS "born",
    "own"."old" AS "old",
    "own"."kind" AS "kind",
    "own"."s0" AS "s0",
    "own"."d0" AS "d0",
    "own"."s1" AS "s1",
    "own"."d1" AS "d1",
    "own"."w0" AS "w0",
    "own"."q0" AS "q0",
    "own"."l0" AS "l0",
    "own"."q1" AS "q1",
    "own"."l1" AS "l1",
    "own"."q2" AS "q2",
    "own"."l2" AS "l2",
    CASE
      WHEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_customer_2"."company"
          FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_2"
          WHERE "ombud_t_fact_customer_2"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_order_3"."state")
            FROM "ombud_memo_order" AS "ombud_memo_order_3"
            WHERE
              "ombud_memo_order_3"."k0" = "own"."k0"
              AND "ombud_memo_order_3"."birth" = "own"."birth"
              AND "ombud_memo_order_3"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END IN ('south')
      THEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_customer_2"."company"
          FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_2"
          WHERE "ombud_t_fact_customer_2"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_order_3"."state")
            FROM "ombud_memo_order" AS "ombud_memo_order_3"
            WHERE
              "ombud_memo_order_3"."k0" = "own"."k0"
              AND "ombud_memo_order_3"."birth" = "own"."birth"
              AND "ombud_memo_order_3"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END
      ELSE NULL
    END AS "company"
  FROM "own"
)
SELECT
  "placed"."k0",
  "placed"."birth",
  "placed"."born",
  "placed"."old",
  "placed"."kind",
  "placed"."s0",
  "placed"."d0",
  "placed"."s1",
  "placed"."d1",
  "placed"."w0",
  "placed"."q0",
  "placed"."l0",
  "placed"."q1",
  "placed"."l1",
  "placed"."q2",
  "placed"."l2",
  "placed"."company",
  CASE WHEN "placed"."kind" IS NULL OR "placed"."company" IS NULL THEN 1 ELSE 0 END AS "doubt",
  CASE
    WHEN "placed"."q0" = 'found'
    THEN (
      SELECT
        MIN(CASE WHEN "ombud_t_fact_customer_1"."kind" = '0' THEN "ombud_t_fact_customer_1"."s0" ELSE 'unknown' END)
      FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_1"
      WHERE "ombud_t_fact_customer_1"."rid" = "placed"."l0"
    )
    WHEN "placed"."q0" IN ('missing', 'dangling')
    AND EXISTS(
      SELECT 1
      FROM "ombud_memo_order" AS "ombud_memo_order_1"
      WHERE
        "ombud_memo_order_1"."k0" = "placed"."k0"
        AND "ombud_memo_order_1"."birth" = "placed"."birth"
        AND "ombud_memo_order_1"."rule" = 'moment/through/customer/ended'
    )
    THEN (
      SELECT MIN("ombud_memo_order_2"."state")
      FROM "ombud_memo_order" AS "ombud_memo_order_2"
      WHERE
        "ombud_memo_order_2"."k0" = "placed"."k0"
        AND "ombud_memo_order_2"."birth" = "placed"."birth"
        AND "ombud_memo_order_2"."rule" = 'moment/through/customer/ended'
    )
    WHEN "placed"."q0" = 'missing'
    THEN 'unknown'
    ELSE 'unknown'
  END AS "s2",
  CASE
    WHEN "placed"."q0" = 'found'
    THEN (
      SELECT MIN(CASE WHEN "ombud_t_fact_customer_1"."kind" = '0' THEN "ombud_t_fact_customer_1"."d0" ELSE NULL END)
      FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_1"
      WHERE "ombud_t_fact_customer_1"."rid" = "placed"."l0"
    )
    WHEN "placed"."q0" IN ('missing', 'dangling')
    AND EXISTS(
      SELECT 1
      FROM "ombud_memo_order" AS "ombud_memo_order_1"
      WHERE
        "ombud_memo_order_1"."k0" = "placed"."k0"
        AND "ombud_memo_order_1"."birth" = "placed"."birth"
        AND "ombud_memo_order_1"."rule" = 'moment/through/customer/ended'
    )
    THEN (
      SELECT MIN("ombud_memo_order_2"."day")
      FROM "ombud_memo_order" AS "ombud_memo_order_2"
      WHERE
        "ombud_memo_order_2"."k0" = "placed"."k0"
        AND "ombud_memo_order_2"."birth" = "placed"."birth"
        AND "ombud_memo_order_2"."rule" = 'moment/through/customer/ended'
    )
    WHEN "placed"."q0" = 'missing'
    THEN CAST(NULL AS VARCHAR)
    ELSE NULL
  END AS "d2"
FROM "placed";

INSERT INTO "ombud_t_fact_opt_log" (
  "k0",
  "k1",
  "birth",
  "born",
  "old",
  "kind",
  "s0",
  "d0",
  "w0",
  "q0",
  "l0",
  "company",
  "doubt"
)
WITH "own" AS (
  SELECT
    "opt_log_1"."customer_id" AS "k0",
    "opt_log_1"."seq" AS "k1",
    COALESCE(TO_CHAR("opt_log_1"."logged_at", 'YYYY-MM-DD HH24:MI:SS.FF6'), '') AS "birth",
    CASE
      WHEN "opt_log_1"."logged_at" IS NOT NULL
      AND "opt_log_1"."logged_at" IS NOT NULL
      AND "opt_log_1"."logged_at" >= TO_TIMESTAMP_NTZ('1899-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
      AND "opt_log_1"."logged_at" < TO_TIMESTAMP_NTZ('2199-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
      THEN (
        SELECT "ombud_calendar_1"."day"
        FROM "ombud_calendar" AS "ombud_calendar_1"
        WHERE
          COLLATE("ombud_calendar_1"."utc", 'utf8') <= COLLATE(
            REPLACE(TO_CHAR("opt_log_1"."logged_at", 'YYYY-MM-DD HH24:MI:SS.FF6'), 'T', ' '),
            'utf8'
          )
        ORDER BY COLLATE("ombud_calendar_1"."utc", 'utf8') DESC, "ombud_calendar_1"."day" DESC
        LIMIT 1
      )
      ELSE NULL
    END AS "born",
    CASE
      WHEN "opt_log_1"."logged_at" IS NOT NULL
      AND "opt_log_1"."logged_at" IS NOT NULL
      AND "opt_log_1"."logged_at" >= TO_TIMESTAMP_NTZ('1899-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
      AND "opt_log_1"."logged_at" < TO_TIMESTAMP_NTZ('2026-05-29 22:00:00', 'yyyy-mm-DD hh24:mi:ss')
      THEN 1
      ELSE 0
    END AS "old",
    CASE WHEN TRUE THEN '0' ELSE NULL END AS "kind",
    CASE
      WHEN "opt_log_1"."logged_at" IS NOT NULL
      THEN CASE
        WHEN "opt_log_1"."logged_at" IS NOT NULL
        AND "opt_log_1"."logged_at" >= TO_TIMESTAMP_NTZ('1899-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
        AND "opt_log_1"."logged_at" < TO_TIMESTAMP_NTZ('2199-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
        THEN 'day'
        ELSE 'unknown'
      END
      ELSE 'not_yet'
    END AS "s0",
    CASE
      WHEN "opt_log_1"."logged_at" IS NOT NULL
      THEN CASE
        WHEN "opt_log_1"."logged_at" IS NOT NULL
        AND "opt_log_1"."logged_at" >= TO_TIMESTAMP_NTZ('1899-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
        AND "opt_log_1"."logged_at" < TO_TIMESTAMP_NTZ('2199-12-31 23:00:00', 'yyyy-mm-DD hh24:mi:ss')
        THEN (
          SELECT "ombud_calendar_2"."day"
          FROM "ombud_calendar" AS "ombud_calendar_2"
          WHERE
            COLLATE("ombud_calendar_2"."utc", 'utf8') <= COLLATE(
              REPLACE(TO_CHAR("opt_log_1"."logged_at", 'YYYY-MM-DD HH24:MI:SS.FF6'), 'T', ' '),
              'utf8'
            )
          ORDER BY COLLATE("ombud_calendar_2"."utc", 'utf8') DESC, "ombud_calendar_2"."day" DESC
          LIMIT 1
        )
        ELSE NULL
      END
      ELSE NULL
    END AS "d0",
    CASE WHEN "opt_log_1"."what" IS NOT NULL AND COLLATE("opt_log_1"."what", 'utf8') IN ('out') THEN 1 ELSE 0
    END AS "w0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN "opt_log_1"."customer_id" IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_2"
        WHERE "ombud_t_fact_customer_2"."k0" = "opt_log_1"."customer_id"
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM "customer" AS "customer_1" WHERE "customer_1"."id" = "opt_log_1"."customer_id")
      THEN 'found'
      ELSE 'dangling'
    END AS "q0",
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR "opt_log_1"."customer_id" IS NULL
      THEN NULL
      ELSE (
        SELECT MIN("ombud_t_fact_customer_3"."rid")
        FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_3"
        WHERE "ombud_t_fact_customer_3"."k0" = "opt_log_1"."customer_id"
      )
    END AS "l0"
  FROM "opt_log" AS "opt_log_1"
  WHERE "opt_log_1"."customer_id" IS NOT NULL AND "opt_log_1"."seq" IS NOT NULL
), "placed" AS (
  SELECT
    "own"."k0" AS "k0",
    "own"."k1" AS "k1",
    "own"."birth" AS "birth",
    "own"."born" AS "born",
    "own"."old" AS "old",
    "own"."kind" AS "kind",
    "own"."s0" AS "s0",
    "own"."d0" AS "d0",
    "own"."w0" AS "w0",
    "own"."q0" AS "q0",
    "own"."l0" AS "l0",
    CASE
      WHEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_customer_1"."company"
          FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_1"
          WHERE "ombud_t_fact_customer_1"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_opt_log_1"."state")
            FROM "ombud_memo_opt_log" AS "ombud_memo_opt_log_1"
            WHERE
              "ombud_memo_opt_log_1"."k0" = "own"."k0"
              AND "ombud_memo_opt_log_1"."k1" = "own"."k1"
              AND "ombud_memo_opt_log_1"."birth" = "own"."birth"
              AND "ombud_memo_opt_log_1"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END IN ('south')
      THEN CASE
        WHEN "own"."q0" = 'found'
        THEN (
          SELECT "ombud_t_fact_customer_1"."company"
          FROM "ombud_t_fact_customer" AS "ombud_t_fact_customer_1"
          WHERE "ombud_t_fact_customer_1"."rid" = "own"."l0"
        )
        WHEN "own"."q0" IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX("ombud_memo_opt_log_1"."state")
            FROM "ombud_memo_opt_log" AS "ombud_memo_opt_log_1"
            WHERE
              "ombud_memo_opt_log_1"."k0" = "own"."k0"
              AND "ombud_memo_opt_log_1"."k1" = "own"."k1"
              AND "ombud_memo_opt_log_1"."birth" = "own"."birth"
              AND "ombud_memo_opt_log_1"."rule" = 'company'
          ),
          ''
        )
        ELSE NULL
      END
      ELSE NULL
    END AS "company"
  FROM "own"
)
SELECT
  "placed"."k0",
  "placed"."k1",
  "placed"."birth",
  "placed"."born",
  "placed"."old",
  "placed"."kind",
  "placed"."s0",
  "placed"."d0",
  "placed"."w0",
  "placed"."q0",
  "placed"."l0",
  "placed"."company",
  CASE WHEN "placed"."kind" IS NULL OR "placed"."company" IS NULL THEN 1 ELSE 0 END AS "doubt"
FROM "placed";
