-- When each row's clocks started, where other rows say it, one rule at a time. BigQuery: compiled, not run.

DELETE FROM `ombud_t_spoke`
WHERE TRUE;

INSERT INTO `ombud_t_spoke` (`rid`, `state`, `day`)
SELECT
  `ombud_t_fact_order_1`.`l0`,
  CASE WHEN `ombud_t_fact_order_1`.`kind` = '0' THEN `ombud_t_fact_order_1`.`s1` ELSE 'unknown'
  END AS `anon_1`,
  CASE WHEN `ombud_t_fact_order_1`.`kind` = '0' THEN `ombud_t_fact_order_1`.`d1` ELSE NULL
  END AS `anon_2`
FROM `ombud_t_fact_order` AS `ombud_t_fact_order_1`
WHERE `ombud_t_fact_order_1`.`l0` IS NOT NULL AND `ombud_t_fact_order_1`.`w0` = 1
UNION ALL
SELECT `ombud_t_fact_customer_1`.`rid`, `ombud_memo_customer_1`.`state`, `ombud_memo_customer_1`.`day`
FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`, `ombud_memo_customer` AS `ombud_memo_customer_1`
WHERE
  `ombud_memo_customer_1`.`k0` = `ombud_t_fact_customer_1`.`k0`
  AND `ombud_memo_customer_1`.`birth` = `ombud_t_fact_customer_1`.`birth`
  AND `ombud_memo_customer_1`.`rule` = 'moment/order/customer/customer.bought/3727e961';

UPDATE `ombud_t_fact_customer` SET `s1` = CASE
  WHEN NOT EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
  )
  THEN 'not_yet'
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'unknown'
  )
  THEN 'unknown'
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'not_yet'
  )
  THEN 'not_yet'
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'day'
  )
  THEN 'day'
  WHEN TRUE
  THEN 'never'
  ELSE 'unknown'
END, `d1` = CASE
  WHEN NOT EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
  )
  THEN CAST(NULL AS STRING)
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'unknown'
  )
  THEN CAST(NULL AS STRING)
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'not_yet'
  )
  THEN CAST(NULL AS STRING)
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'day'
  )
  THEN (
    SELECT MAX(COLLATE(`ombud_t_spoke_1`.`day`, ''))
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`state` = 'day'
  )
  WHEN TRUE
  THEN CAST(NULL AS STRING)
  ELSE NULL
END
WHERE TRUE;

DELETE FROM `ombud_t_spoke`
WHERE TRUE;

INSERT INTO `ombud_t_spoke` (`rid`, `state`, `day`, `rank_n`)
SELECT
  `ombud_t_fact_opt_log_1`.`l0`,
  CASE
    WHEN `ombud_t_fact_opt_log_1`.`w0` = 1
    THEN CASE WHEN `ombud_t_fact_opt_log_1`.`kind` = '0' THEN `ombud_t_fact_opt_log_1`.`s0` ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS `anon_1`,
  CASE
    WHEN `ombud_t_fact_opt_log_1`.`w0` = 1
    THEN CASE WHEN `ombud_t_fact_opt_log_1`.`kind` = '0' THEN `ombud_t_fact_opt_log_1`.`d0` ELSE NULL
    END
    ELSE NULL
  END AS `anon_2`,
  `opt_log_1`.`seq`
FROM `ombud_t_fact_opt_log` AS `ombud_t_fact_opt_log_1`, `opt_log` AS `opt_log_1`
WHERE
  `ombud_t_fact_opt_log_1`.`l0` IS NOT NULL
  AND `ombud_t_fact_opt_log_1`.`k0` = `opt_log_1`.`customer_id`
  AND `ombud_t_fact_opt_log_1`.`k1` = `opt_log_1`.`seq`
UNION ALL
SELECT
  `ombud_t_fact_customer_1`.`rid`,
  `ombud_memo_customer_1`.`state`,
  `ombud_memo_customer_1`.`day`,
  CAST(`ombud_memo_customer_1`.`rank` AS NUMERIC) AS `rank`
FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`, `ombud_memo_customer` AS `ombud_memo_customer_1`
WHERE
  `ombud_memo_customer_1`.`k0` = `ombud_t_fact_customer_1`.`k0`
  AND `ombud_memo_customer_1`.`birth` = `ombud_t_fact_customer_1`.`birth`
  AND `ombud_memo_customer_1`.`rule` = 'moment/opt_log/customer/customer.opted_out/1cf63eaa';

UPDATE `ombud_t_fact_customer` SET `s2` = CASE
  WHEN NOT EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
  )
  THEN 'not_yet'
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`rank_n` IS NULL
  )
  THEN 'unknown'
  WHEN (
    SELECT COUNT(*)
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE
      `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
      AND NOT EXISTS(
        SELECT 1
        FROM `ombud_t_spoke` AS `ombud_t_spoke_2`
        WHERE
          `ombud_t_spoke_2`.`rid` = `ombud_t_fact_customer`.`rid`
          AND `ombud_t_spoke_2`.`rank_n` > `ombud_t_spoke_1`.`rank_n`
      )
  ) <> 1
  THEN 'unknown'
  WHEN TRUE
  THEN (
    SELECT MIN(`ombud_t_spoke_1`.`state`)
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE
      `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
      AND NOT EXISTS(
        SELECT 1
        FROM `ombud_t_spoke` AS `ombud_t_spoke_2`
        WHERE
          `ombud_t_spoke_2`.`rid` = `ombud_t_fact_customer`.`rid`
          AND `ombud_t_spoke_2`.`rank_n` > `ombud_t_spoke_1`.`rank_n`
      )
  )
  ELSE 'unknown'
END, `d2` = CASE
  WHEN NOT EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
  )
  THEN CAST(NULL AS STRING)
  WHEN EXISTS(
    SELECT 1
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid` AND `ombud_t_spoke_1`.`rank_n` IS NULL
  )
  THEN CAST(NULL AS STRING)
  WHEN (
    SELECT COUNT(*)
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE
      `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
      AND NOT EXISTS(
        SELECT 1
        FROM `ombud_t_spoke` AS `ombud_t_spoke_2`
        WHERE
          `ombud_t_spoke_2`.`rid` = `ombud_t_fact_customer`.`rid`
          AND `ombud_t_spoke_2`.`rank_n` > `ombud_t_spoke_1`.`rank_n`
      )
  ) <> 1
  THEN CAST(NULL AS STRING)
  WHEN TRUE
  THEN (
    SELECT MIN(`ombud_t_spoke_1`.`day`)
    FROM `ombud_t_spoke` AS `ombud_t_spoke_1`
    WHERE
      `ombud_t_spoke_1`.`rid` = `ombud_t_fact_customer`.`rid`
      AND NOT EXISTS(
        SELECT 1
        FROM `ombud_t_spoke` AS `ombud_t_spoke_2`
        WHERE
          `ombud_t_spoke_2`.`rid` = `ombud_t_fact_customer`.`rid`
          AND `ombud_t_spoke_2`.`rank_n` > `ombud_t_spoke_1`.`rank_n`
      )
  )
  ELSE NULL
END
WHERE TRUE;

UPDATE `ombud_t_fact_letter` SET `m0` = (
  SELECT MIN(`ombud_t_fact_customer_1`.`rid`)
  FROM `ombud_t_bearer` AS `ombud_t_bearer_1`, `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`
  WHERE
    `ombud_t_bearer_1`.`kind` = 'email'
    AND `ombud_t_bearer_1`.`digest` = `ombud_t_fact_letter`.`i0`
    AND (
      `ombud_t_bearer_1`.`company` IS NULL
      OR `ombud_t_fact_letter`.`company` IS NULL
      OR `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
    )
    AND `ombud_t_bearer_1`.`subject` = 'customer'
    AND `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
    AND `ombud_t_fact_customer_1`.`who` = `ombud_t_bearer_1`.`who`
), `x0` = CASE
  WHEN `ombud_t_fact_letter`.`i0` = ''
  THEN 'none'
  WHEN `ombud_t_fact_letter`.`i0` IS NULL
  OR EXISTS(
    SELECT 1
    FROM `ombud_memo_letter` AS `ombud_memo_letter_1`
    WHERE
      `ombud_memo_letter_1`.`k0` = `ombud_t_fact_letter`.`k0`
      AND `ombud_memo_letter_1`.`birth` = `ombud_t_fact_letter`.`birth`
      AND `ombud_memo_letter_1`.`rule` = 'several/person'
      AND `ombud_memo_letter_1`.`named` = `ombud_t_fact_letter`.`i0`
  )
  THEN 'many'
  WHEN (
    SELECT COUNT(*)
    FROM `ombud_t_bearer` AS `ombud_t_bearer_1`
    WHERE
      `ombud_t_bearer_1`.`kind` = 'email'
      AND `ombud_t_bearer_1`.`digest` = `ombud_t_fact_letter`.`i0`
      AND (
        `ombud_t_bearer_1`.`company` IS NULL
        OR `ombud_t_fact_letter`.`company` IS NULL
        OR `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
      )
      AND `ombud_t_bearer_1`.`subject` = 'customer'
  ) = 0
  THEN 'none'
  WHEN (
    SELECT COUNT(*)
    FROM `ombud_t_bearer` AS `ombud_t_bearer_1`
    WHERE
      `ombud_t_bearer_1`.`kind` = 'email'
      AND `ombud_t_bearer_1`.`digest` = `ombud_t_fact_letter`.`i0`
      AND (
        `ombud_t_bearer_1`.`company` IS NULL
        OR `ombud_t_fact_letter`.`company` IS NULL
        OR `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
      )
      AND `ombud_t_bearer_1`.`subject` = 'customer'
  ) = 1
  AND EXISTS(
    SELECT 1
    FROM `ombud_t_bearer` AS `ombud_t_bearer_1`
    WHERE
      `ombud_t_bearer_1`.`kind` = 'email'
      AND `ombud_t_bearer_1`.`digest` = `ombud_t_fact_letter`.`i0`
      AND (
        `ombud_t_bearer_1`.`company` IS NULL
        OR `ombud_t_fact_letter`.`company` IS NULL
        OR `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
      )
      AND `ombud_t_bearer_1`.`subject` = 'customer'
      AND `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
  )
  THEN 'one'
  WHEN (
    SELECT COUNT(*)
    FROM `ombud_t_bearer` AS `ombud_t_bearer_1`
    WHERE
      `ombud_t_bearer_1`.`kind` = 'email'
      AND `ombud_t_bearer_1`.`digest` = `ombud_t_fact_letter`.`i0`
      AND (
        `ombud_t_bearer_1`.`company` IS NULL
        OR `ombud_t_fact_letter`.`company` IS NULL
        OR `ombud_t_bearer_1`.`company` = `ombud_t_fact_letter`.`company`
      )
      AND `ombud_t_bearer_1`.`subject` = 'customer'
  ) = 1
  THEN 'unsure'
  ELSE 'many'
END
WHERE TRUE;

UPDATE `ombud_t_fact_letter` SET `s0` = CASE
  WHEN `ombud_t_fact_letter`.`x0` = 'one'
  THEN (
    SELECT MIN(CASE WHEN `ombud_t_fact_customer_1`.`kind` = '0' THEN `ombud_t_fact_customer_1`.`s0` ELSE 'unknown' END)
    FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`
    WHERE `ombud_t_fact_customer_1`.`rid` = `ombud_t_fact_letter`.`m0`
  )
  WHEN `ombud_t_fact_letter`.`x0` = 'none'
  AND EXISTS(
    SELECT 1
    FROM `ombud_memo_letter` AS `ombud_memo_letter_1`
    WHERE
      `ombud_memo_letter_1`.`k0` = `ombud_t_fact_letter`.`k0`
      AND `ombud_memo_letter_1`.`birth` = `ombud_t_fact_letter`.`birth`
      AND `ombud_memo_letter_1`.`rule` = 'moment/through/person/ended'
  )
  THEN (
    SELECT MIN(`ombud_memo_letter_2`.`state`)
    FROM `ombud_memo_letter` AS `ombud_memo_letter_2`
    WHERE
      `ombud_memo_letter_2`.`k0` = `ombud_t_fact_letter`.`k0`
      AND `ombud_memo_letter_2`.`birth` = `ombud_t_fact_letter`.`birth`
      AND `ombud_memo_letter_2`.`rule` = 'moment/through/person/ended'
  )
  WHEN `ombud_t_fact_letter`.`x0` = 'none'
  THEN 'not_yet'
  ELSE 'unknown'
END, `d0` = CASE
  WHEN `ombud_t_fact_letter`.`x0` = 'one'
  THEN (
    SELECT MIN(CASE WHEN `ombud_t_fact_customer_1`.`kind` = '0' THEN `ombud_t_fact_customer_1`.`d0` ELSE NULL END)
    FROM `ombud_t_fact_customer` AS `ombud_t_fact_customer_1`
    WHERE `ombud_t_fact_customer_1`.`rid` = `ombud_t_fact_letter`.`m0`
  )
  WHEN `ombud_t_fact_letter`.`x0` = 'none'
  AND EXISTS(
    SELECT 1
    FROM `ombud_memo_letter` AS `ombud_memo_letter_1`
    WHERE
      `ombud_memo_letter_1`.`k0` = `ombud_t_fact_letter`.`k0`
      AND `ombud_memo_letter_1`.`birth` = `ombud_t_fact_letter`.`birth`
      AND `ombud_memo_letter_1`.`rule` = 'moment/through/person/ended'
  )
  THEN (
    SELECT MIN(`ombud_memo_letter_2`.`day`)
    FROM `ombud_memo_letter` AS `ombud_memo_letter_2`
    WHERE
      `ombud_memo_letter_2`.`k0` = `ombud_t_fact_letter`.`k0`
      AND `ombud_memo_letter_2`.`birth` = `ombud_t_fact_letter`.`birth`
      AND `ombud_memo_letter_2`.`rule` = 'moment/through/person/ended'
  )
  WHEN `ombud_t_fact_letter`.`x0` = 'none'
  THEN CAST(NULL AS STRING)
  ELSE NULL
END
WHERE TRUE;
