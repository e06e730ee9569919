-- Rows that stay lose their reference to rows that go. Snowflake: compiled, not run.

UPDATE "order" SET "gift_of" = NULL
WHERE
  EXISTS(
    SELECT 1
    FROM "customer" AS "customer_1", "order" AS "order_1"
    WHERE
      "customer_1"."id" = "order_1"."gift_of"
      AND TRUE
      AND EXISTS(
        SELECT 1
        FROM "ombud_t_batch_customer" AS "ombud_t_batch_customer_1"
        WHERE "ombud_t_batch_customer_1"."gone" = 1 AND "ombud_t_batch_customer_1"."k0" = "customer_1"."id"
      )
      AND "order_1"."id" = "order"."id"
  )
  AND EXISTS(
    SELECT 1
    FROM "customer" AS "customer_2"
    WHERE
      "customer_2"."id" = "order"."gift_of"
      AND TRUE
      AND EXISTS(
        SELECT 1
        FROM "ombud_t_batch_customer" AS "ombud_t_batch_customer_2"
        WHERE "ombud_t_batch_customer_2"."gone" = 1 AND "ombud_t_batch_customer_2"."k0" = "customer_2"."id"
      )
  );

UPDATE "order" SET "parcel_id" = NULL
WHERE
  EXISTS(
    SELECT 1
    FROM "parcel" AS "parcel_1", "order" AS "order_1"
    WHERE
      COLLATE("parcel_1"."id", 'utf8') = "order_1"."parcel_id"
      AND TRUE
      AND EXISTS(
        SELECT 1
        FROM "ombud_t_batch_parcel" AS "ombud_t_batch_parcel_1"
        WHERE "ombud_t_batch_parcel_1"."gone" = 1 AND "ombud_t_batch_parcel_1"."k0" = COLLATE("parcel_1"."id", 'utf8')
      )
      AND "order_1"."id" = "order"."id"
  )
  AND EXISTS(
    SELECT 1
    FROM "parcel" AS "parcel_2"
    WHERE
      COLLATE("parcel_2"."id", 'utf8') = "order"."parcel_id"
      AND TRUE
      AND EXISTS(
        SELECT 1
        FROM "ombud_t_batch_parcel" AS "ombud_t_batch_parcel_2"
        WHERE "ombud_t_batch_parcel_2"."gone" = 1 AND "ombud_t_batch_parcel_2"."k0" = COLLATE("parcel_2"."id", 'utf8')
      )
  );
