-- What each row's own columns say, and what its links find: their companies and clocks, where these are known. Databricks: compiled, not run.

WITH `own` AS (
  SELECT
    `customer_1`.`id` AS `k0`,
    COALESCE(DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd'), '') AS `birth`,
    'key|customer|' || COALESCE(DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd'), '') || '|' || CAST(`customer_1`.`id` AS STRING) AS `who`,
    CASE
      WHEN `customer_1`.`created` IS NOT NULL
      AND `customer_1`.`created` IS NOT NULL
      AND `customer_1`.`created` >= CAST('1900-01-01' AS DATE)
      AND `customer_1`.`created` < CAST('2200-01-01' AS DATE)
      THEN DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd')
      ELSE NULL
    END AS `born`,
    CASE
      WHEN `customer_1`.`created` IS NOT NULL
      AND `customer_1`.`created` IS NOT NULL
      AND `customer_1`.`created` >= CAST('1900-01-01' AS DATE)
      AND `customer_1`.`created` < CAST('2026-05-30' AS DATE)
      THEN 1
      ELSE 0
    END AS `old`,
    CASE WHEN TRUE THEN '0' ELSE NULL END AS `kind`,
    CASE
      WHEN `customer_1`.`ended_on` IS NOT NULL
      THEN CASE
        WHEN `customer_1`.`ended_on` IS NOT NULL
        AND `customer_1`.`ended_on` >= CAST('1900-01-01' AS DATE)
        AND `customer_1`.`ended_on` < CAST('2200-01-01' AS DATE)
        THEN 'day'
        ELSE 'unknown'
      END
      ELSE 'not_yet'
    END AS `s0`,
    CASE
      WHEN `customer_1`.`ended_on` IS NOT NULL
      THEN CASE
        WHEN `customer_1`.`ended_on` IS NOT NULL
        AND `customer_1`.`ended_on` >= CAST('1900-01-01' AS DATE)
        AND `customer_1`.`ended_on` < CAST('2200-01-01' AS DATE)
        THEN DATE_FORMAT(`customer_1`.`ended_on`, 'yyyy-MM-dd')
        ELSE NULL
      END
      ELSE NULL
    END AS `d0`,
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN `customer_1`.`shop_id` IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_2`
        WHERE `ombud_t_fact_shop_2`.`k0` = `customer_1`.`shop_id`
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM `shop` AS `shop_1` WHERE `shop_1`.`id` = `customer_1`.`shop_id`)
      THEN 'found'
      ELSE 'dangling'
    END AS `q0`,
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR `customer_1`.`shop_id` IS NULL
      THEN NULL
      ELSE (
        SELECT MIN(`ombud_t_fact_shop_3`.`rid`)
        FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_3`
        WHERE `ombud_t_fact_shop_3`.`k0` = `customer_1`.`shop_id`
      )
    END AS `l0`
  FROM `customer` AS `customer_1`
  WHERE `customer_1`.`id` IS NOT NULL
), `placed` AS (
  SELECT
    `own`.`k0` AS `k0`,
    `own`.`birth` AS `birth`,
    `own`.`who` AS `who`,
    `own`.`born` AS `born`,
    `own`.`old` AS `old`,
    `own`.`kind` AS `kind`,
    `own`.`s0` AS `s0`,
    `own`.`d0` AS `d0`,
    `own`.`q0` AS `q0`,
    `own`.`l0` AS `l0`,
    CASE
      WHEN CASE
        WHEN `own`.`q0` = 'found'
        THEN (
          SELECT `ombud_t_fact_shop_1`.`company`
          FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_1`
          WHERE `ombud_t_fact_shop_1`.`rid` = `own`.`l0`
        )
        WHEN `own`.`q0` IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX(`ombud_memo_customer_1`.`state`)
            FROM `ombud_memo_customer` AS `ombud_memo_customer_1`
            WHERE
              `ombud_memo_customer_1`.`k0` = `own`.`k0`
              AND `ombud_memo_customer_1`.`birth` = `own`.`birth`
              AND `ombud_memo_customer_1`.`rule` = 'company'
          ),
          ''
        )
        ELSE NULL
      END IN ('south')
      THEN CASE
        WHEN `own`.`q0` = 'found'
        THEN (
          SELECT `ombud_t_fact_shop_1`.`company`
          FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_1`
          WHERE `ombud_t_fact_shop_1`.`rid` = `own`.`l0`
        )
        WHEN `own`.`q0` IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX(`ombud_memo_customer_1`.`state`)
            FROM `ombud_memo_customer` AS `ombud_memo_customer_1`
            WHERE
              `ombud_memo_customer_1`.`k0` = `own`.`k0`
              AND `ombud_memo_customer_1`.`birth` = `own`.`birth`
              AND `ombud_memo_customer_1`.`rule` = 'company'
          ),
          ''
        )
        ELSE NULL
      END
      ELSE NULL
    END AS `company`
  FROM `own`
)
INSERT INTO `ombud_t_fact_customer` (
  `k0`,
  `birth`,
  `who`,
  `born`,
  `old`,
  `kind`,
  `s0`,
  `d0`,
  `q0`,
  `l0`,
  `company`,
  `doubt`
)
SELECT
  `placed`.`k0`,
  `placed`.`birth`,
  `placed`.`who`,
  `placed`.`born`,
  `placed`.`old`,
  `placed`.`kind`,
  `placed`.`s0`,
  `placed`.`d0`,
  `placed`.`q0`,
  `placed`.`l0`,
  `placed`.`company`,
  CASE WHEN `placed`.`kind` IS NULL OR `placed`.`company` IS NULL THEN 1 ELSE 0 END AS `doubt`
FROM `placed`;

-- order: refused: an instant has a text in the session's time zone alone, where one hour a year is two

WITH `own` AS (
  SELECT
    `opt_log_1`.`customer_id` AS `k0`,
    `opt_log_1`.`seq` AS `k1`,
    COALESCE(DATE_FORMAT(`opt_log_1`.`logged_at`, 'yyyy-MM-dd HH:mm:ss.SSSSSS'), '') AS `birth`,
    CASE
      WHEN `opt_log_1`.`logged_at` IS NOT NULL
      AND `opt_log_1`.`logged_at` IS NOT NULL
      AND `opt_log_1`.`logged_at` >= CAST('1899-12-31 23:00:00' AS TIMESTAMP_NTZ)
      AND `opt_log_1`.`logged_at` < CAST('2199-12-31 23:00:00' AS TIMESTAMP_NTZ)
      THEN (
        SELECT `ombud_calendar_1`.`day`
        FROM `ombud_calendar` AS `ombud_calendar_1`
        WHERE
          (`ombud_calendar_1`.`utc` COLLATE UTF8_BINARY) <= (
            REPLACE(DATE_FORMAT(`opt_log_1`.`logged_at`, 'yyyy-MM-dd HH:mm:ss.SSSSSS'), 'T', ' ') COLLATE UTF8_BINARY
          )
        ORDER BY `ombud_calendar_1`.`utc` COLLATE UTF8_BINARY DESC, `ombud_calendar_1`.`day` DESC
        LIMIT 1
      )
      ELSE NULL
    END AS `born`,
    CASE
      WHEN `opt_log_1`.`logged_at` IS NOT NULL
      AND `opt_log_1`.`logged_at` IS NOT NULL
      AND `opt_log_1`.`logged_at` >= CAST('1899-12-31 23:00:00' AS TIMESTAMP_NTZ)
      AND `opt_log_1`.`logged_at` < CAST('2026-05-29 22:00:00' AS TIMESTAMP_NTZ)
      THEN 1
      ELSE 0
    END AS `old`,
    CASE WHEN TRUE THEN '0' ELSE NULL END AS `kind`,
    CASE
      WHEN `opt_log_1`.`logged_at` IS NOT NULL
      THEN CASE
        WHEN `opt_log_1`.`logged_at` IS NOT NULL
        AND `opt_log_1`.`logged_at` >= CAST('1899-12-31 23:00:00' AS TIMESTAMP_NTZ)
        AND `opt_log_1`.`logged_at` < CAST('2199-12-31 23:00:00' AS TIMESTAMP_NTZ)
        THEN 'day'
        ELSE 'unknown'
      END
      ELSE 'not_yet'
    END AS `s0`,
    CASE
      WHEN `opt_log_1`.`logged_at` IS NOT NULL
      THEN CASE
        WHEN `opt_log_1`.`logged_at` IS NOT NULL
        AND `opt_log_1`.`logged_at` >= CAST('1899-12-31 23:00:00' AS TIMESTAMP_NTZ)
        AND `opt_log_1`.`logged_at` < CAST('2199-12-31 23:00:00' AS TIMESTAMP_NTZ)
        THEN (
          SELECT `ombud_calendar_2`.`day`
          FROM `ombud_calendar` AS `ombud_calendar_2`
          WHERE
            (`ombud_calendar_2`.`utc` COLLATE UTF8_BINARY) <= (
              REPLACE(DATE_FORMAT(`opt_log_1`.`logged_at`, 'yyyy-MM-dd HH:mm:ss.SSSSSS'), 'T', ' ') COLLATE UTF8_BINARY
            )
          ORDER BY `ombud_calendar_2`.`utc` COLLATE UTF8_BINARY DESC, `ombud_calendar_2`.`day` DESC
          LIMIT 1
        )
        ELSE NULL
      END
      ELSE NULL
    END AS `d0`,
    CASE WHEN `opt_log_1`.`what` IS NOT NULL AND `opt_log_1`.`what` COLLATE UTF8_BINARY IN ('out') THEN 1 ELSE 0
    END AS `w0`,
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1
      THEN 'none'
      WHEN `opt_log_1`.`customer_id` IS NULL
      THEN 'missing'
      WHEN EXISTS(
        SELECT 1
        FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_2`
        WHERE `ombud_t_fact_customer_2`.`k0` = `opt_log_1`.`customer_id`
      )
      THEN 'found'
      WHEN EXISTS(SELECT 1 FROM `customer` AS `customer_1` WHERE `customer_1`.`id` = `opt_log_1`.`customer_id`)
      THEN 'found'
      ELSE 'dangling'
    END AS `q0`,
    CASE
      WHEN CASE WHEN TRUE THEN 0 ELSE 1 END = 1 OR `opt_log_1`.`customer_id` IS NULL
      THEN NULL
      ELSE (
        SELECT MIN(`ombud_t_fact_customer_3`.`rid`)
        FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_3`
        WHERE `ombud_t_fact_customer_3`.`k0` = `opt_log_1`.`customer_id`
      )
    END AS `l0`
  FROM `opt_log` AS `opt_log_1`
  WHERE `opt_log_1`.`customer_id` IS NOT NULL AND `opt_log_1`.`seq` IS NOT NULL
), `placed` AS (
  SELECT
    `own`.`k0` AS `k0`,
    `own`.`k1` AS `k1`,
    `own`.`birth` AS `birth`,
    `own`.`born` AS `born`,
    `own`.`old` AS `old`,
    `own`.`kind` AS `kind`,
    `own`.`s0` AS `s0`,
    `own`.`d0` AS `d0`,
    `own`.`w0` AS `w0`,
    `own`.`q0` AS `q0`,
    `own`.`l0` AS `l0`,
    CASE
      WHEN CASE
        WHEN `own`.`q0` = 'found'
        THEN (
          SELECT `ombud_t_fact_customer_1`.`company`
          FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`
          WHERE `ombud_t_fact_customer_1`.`rid` = `own`.`l0`
        )
        WHEN `own`.`q0` IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX(`ombud_memo_opt_log_1`.`state`)
            FROM `ombud_memo_opt_log` AS `ombud_memo_opt_log_1`
            WHERE
              `ombud_memo_opt_log_1`.`k0` = `own`.`k0`
              AND `ombud_memo_opt_log_1`.`k1` = `own`.`k1`
              AND `ombud_memo_opt_log_1`.`birth` = `own`.`birth`
              AND `ombud_memo_opt_log_1`.`rule` = 'company'
          ),
          ''
        )
        ELSE NULL
      END IN ('south')
      THEN CASE
        WHEN `own`.`q0` = 'found'
        THEN (
          SELECT `ombud_t_fact_customer_1`.`company`
          FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`
          WHERE `ombud_t_fact_customer_1`.`rid` = `own`.`l0`
        )
        WHEN `own`.`q0` IN ('missing', 'dangling')
        THEN NULLIF(
          (
            SELECT MAX(`ombud_memo_opt_log_1`.`state`)
            FROM `ombud_memo_opt_log` AS `ombud_memo_opt_log_1`
            WHERE
              `ombud_memo_opt_log_1`.`k0` = `own`.`k0`
              AND `ombud_memo_opt_log_1`.`k1` = `own`.`k1`
              AND `ombud_memo_opt_log_1`.`birth` = `own`.`birth`
              AND `ombud_memo_opt_log_1`.`rule` = 'company'
          ),
          ''
        )
        ELSE NULL
      END
      ELSE NULL
    END AS `company`
  FROM `own`
)
INSERT INTO `ombud_t_fact_opt_log` (
  `k0`,
  `k1`,
  `birth`,
  `born`,
  `old`,
  `kind`,
  `s0`,
  `d0`,
  `w0`,
  `q0`,
  `l0`,
  `company`,
  `doubt`
)
SELECT
  `placed`.`k0`,
  `placed`.`k1`,
  `placed`.`birth`,
  `placed`.`born`,
  `placed`.`old`,
  `placed`.`kind`,
  `placed`.`s0`,
  `placed`.`d0`,
  `placed`.`w0`,
  `placed`.`q0`,
  `placed`.`l0`,
  `placed`.`company`,
  CASE WHEN `placed`.`kind` IS NULL OR `placed`.`company` IS NULL THEN 1 ELSE 0 END AS `doubt`
FROM `placed`;
