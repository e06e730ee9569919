-- Whose claims each row has: its own, or those of what it follows; and whether that is in doubt. Snowflake: compiled, not run.

UPDATE "ombud_t_fact_order" SET "doubt" = CASE
  WHEN "ombud_t_fact_order"."kind" IS NULL OR "ombud_t_fact_order"."company" IS NULL
  THEN 1
  ELSE 0
END, "root" = "ombud_t_fact_order"."rid";
