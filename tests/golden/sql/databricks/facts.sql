-- What each row's own columns say. Databricks: compiled, not run.

INSERT INTO `ombud_t_fact_customer` (`k0`, `birth`, `who`, `born`, `old`, `kind`, `s0`, `d0`)
SELECT
  `customer_1`.`id` AS `k0`,
  COALESCE(DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd'), '') AS `birth`,
  'key|customer|' || COALESCE(DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd'), '') || '|' || CAST(`customer_1`.`id` AS STRING) AS `who`,
  CASE
    WHEN `customer_1`.`created` IS NOT NULL
    AND `customer_1`.`created` IS NOT NULL
    AND `customer_1`.`created` >= CAST('1900-01-01' AS DATE)
    AND `customer_1`.`created` < CAST('2200-01-01' AS DATE)
    THEN (
      SELECT `ombud_calendar_1`.`day`
      FROM `ombud_calendar` AS `ombud_calendar_1`
      WHERE `ombud_calendar_1`.`day` = DATE_FORMAT(`customer_1`.`created`, 'yyyy-MM-dd')
    )
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
      THEN (
        SELECT `ombud_calendar_2`.`day`
        FROM `ombud_calendar` AS `ombud_calendar_2`
        WHERE `ombud_calendar_2`.`day` = DATE_FORMAT(`customer_1`.`ended_on`, 'yyyy-MM-dd')
      )
      ELSE NULL
    END
    ELSE NULL
  END AS `d0`
FROM `customer` AS `customer_1`
WHERE `customer_1`.`id` IS NOT NULL;

-- order: refused: an instant has a text in the session's time zone alone, where one hour a year is two
