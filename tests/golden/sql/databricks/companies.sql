-- Whose each row is, where that comes through a link. Databricks: compiled, not run.

UPDATE `ombud_t_fact_customer` SET `company` = CASE
  WHEN CASE
    WHEN `ombud_t_fact_customer`.`q0` = 'found'
    THEN (
      SELECT `ombud_t_fact_shop_1`.`company`
      FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_1`
      WHERE `ombud_t_fact_shop_1`.`rid` = `ombud_t_fact_customer`.`l0`
    )
    WHEN `ombud_t_fact_customer`.`q0` IN ('missing', 'dangling')
    THEN NULLIF(
      (
        SELECT MAX(`ombud_memo_customer_1`.`state`)
        FROM `ombud_memo_customer` AS `ombud_memo_customer_1`
        WHERE
          `ombud_memo_customer_1`.`k0` = `ombud_t_fact_customer`.`k0`
          AND `ombud_memo_customer_1`.`birth` = `ombud_t_fact_customer`.`birth`
          AND `ombud_memo_customer_1`.`rule` = 'company'
      ),
      ''
    )
    ELSE NULL
  END IN ('south')
  THEN CASE
    WHEN `ombud_t_fact_customer`.`q0` = 'found'
    THEN (
      SELECT `ombud_t_fact_shop_1`.`company`
      FROM `ombud_t_fact_shop` AS `ombud_t_fact_shop_1`
      WHERE `ombud_t_fact_shop_1`.`rid` = `ombud_t_fact_customer`.`l0`
    )
    WHEN `ombud_t_fact_customer`.`q0` IN ('missing', 'dangling')
    THEN NULLIF(
      (
        SELECT MAX(`ombud_memo_customer_1`.`state`)
        FROM `ombud_memo_customer` AS `ombud_memo_customer_1`
        WHERE
          `ombud_memo_customer_1`.`k0` = `ombud_t_fact_customer`.`k0`
          AND `ombud_memo_customer_1`.`birth` = `ombud_t_fact_customer`.`birth`
          AND `ombud_memo_customer_1`.`rule` = 'company'
      ),
      ''
    )
    ELSE NULL
  END
  ELSE NULL
END;
