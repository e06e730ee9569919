-- What each row's own columns say. SQL Server 2022: compiled, not run.

INSERT INTO [ombud_t_fact_customer] ([k0], [birth], [who], [born], [old], [kind], [s0], [d0])
SELECT
  [customer_1].[id] AS [k0],
  COALESCE(CONVERT(NVARCHAR(10), [customer_1].[created], 23), '') AS [birth],
  'key|customer|' + COALESCE(CONVERT(NVARCHAR(10), [customer_1].[created], 23), '') + '|' + CAST([customer_1].[id] AS NVARCHAR(MAX)) AS [who],
  CASE
    WHEN [customer_1].[created] IS NOT NULL
    AND [customer_1].[created] IS NOT NULL
    AND [customer_1].[created] >= CAST('1900-01-01' AS DATE)
    AND [customer_1].[created] < CAST('2200-01-01' AS DATE)
    THEN (
      SELECT [ombud_calendar_1].[day]
      FROM [ombud_calendar] AS [ombud_calendar_1]
      WHERE [ombud_calendar_1].[day] = CONVERT(NVARCHAR(10), [customer_1].[created], 23)
    )
    ELSE NULL
  END AS [born],
  CASE
    WHEN [customer_1].[created] IS NOT NULL
    AND [customer_1].[created] IS NOT NULL
    AND [customer_1].[created] >= CAST('1900-01-01' AS DATE)
    AND [customer_1].[created] < CAST('2026-05-30' AS DATE)
    THEN 1
    ELSE 0
  END AS [old],
  CASE WHEN (1 = 1) THEN '0' ELSE NULL END AS [kind],
  CASE
    WHEN [customer_1].[ended_on] IS NOT NULL
    THEN CASE
      WHEN [customer_1].[ended_on] IS NOT NULL
      AND [customer_1].[ended_on] >= CAST('1900-01-01' AS DATE)
      AND [customer_1].[ended_on] < CAST('2200-01-01' AS DATE)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS [s0],
  CASE
    WHEN [customer_1].[ended_on] IS NOT NULL
    THEN CASE
      WHEN [customer_1].[ended_on] IS NOT NULL
      AND [customer_1].[ended_on] >= CAST('1900-01-01' AS DATE)
      AND [customer_1].[ended_on] < CAST('2200-01-01' AS DATE)
      THEN (
        SELECT [ombud_calendar_2].[day]
        FROM [ombud_calendar] AS [ombud_calendar_2]
        WHERE [ombud_calendar_2].[day] = CONVERT(NVARCHAR(10), [customer_1].[ended_on], 23)
      )
      ELSE NULL
    END
    ELSE NULL
  END AS [d0]
FROM [customer] AS [customer_1]
WHERE [customer_1].[id] IS NOT NULL;

INSERT INTO [ombud_t_fact_order] ([k0], [birth], [born], [old], [kind], [s0], [d0], [s1], [d1], [w0])
SELECT
  [order_1].[id] AS [k0],
  COALESCE(CONVERT(NVARCHAR(10), [order_1].[placed], 23), '') AS [birth],
  CASE
    WHEN [order_1].[placed] IS NOT NULL
    AND [order_1].[placed] IS NOT NULL
    AND [order_1].[placed] >= CAST('1900-01-01' AS DATE)
    AND [order_1].[placed] < CAST('2200-01-01' AS DATE)
    THEN (
      SELECT [ombud_calendar_1].[day]
      FROM [ombud_calendar] AS [ombud_calendar_1]
      WHERE [ombud_calendar_1].[day] = CONVERT(NVARCHAR(10), [order_1].[placed], 23)
    )
    ELSE NULL
  END AS [born],
  CASE
    WHEN [order_1].[placed] IS NOT NULL
    AND [order_1].[placed] IS NOT NULL
    AND [order_1].[placed] >= CAST('1900-01-01' AS DATE)
    AND [order_1].[placed] < CAST('2026-05-30' AS DATE)
    THEN 1
    ELSE 0
  END AS [old],
  CASE WHEN (1 = 1) THEN '0' ELSE NULL END AS [kind],
  CASE
    WHEN [order_1].[booked_at] IS NOT NULL
    THEN CASE
      WHEN [order_1].[booked_at] IS NOT NULL
      AND [order_1].[booked_at] >= CAST('1899-12-31 23:00:00 +00:00' AS DATETIMEOFFSET)
      AND [order_1].[booked_at] < CAST('2199-12-31 23:00:00 +00:00' AS DATETIMEOFFSET)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS [s0],
  CASE
    WHEN [order_1].[booked_at] IS NOT NULL
    THEN CASE
      WHEN [order_1].[booked_at] IS NOT NULL
      AND [order_1].[booked_at] >= CAST('1899-12-31 23:00:00 +00:00' AS DATETIMEOFFSET)
      AND [order_1].[booked_at] < CAST('2199-12-31 23:00:00 +00:00' AS DATETIMEOFFSET)
      THEN (
        SELECT
        TOP 1 [ombud_calendar_2].[day]
        FROM [ombud_calendar] AS [ombud_calendar_2]
        WHERE
          ([ombud_calendar_2].[utc] COLLATE Latin1_General_100_BIN2) <= (
            REPLACE(
              CONVERT(NVARCHAR(27), CAST(SWITCHOFFSET([order_1].[booked_at], '+00:00') AS DATETIME2), 121),
              'T',
              ' '
            ) COLLATE Latin1_General_100_BIN2
          )
        ORDER BY [ombud_calendar_2].[utc] COLLATE Latin1_General_100_BIN2 DESC, [ombud_calendar_2].[day] DESC
      )
      ELSE NULL
    END
    ELSE NULL
  END AS [d0],
  CASE
    WHEN [order_1].[placed] IS NOT NULL
    THEN CASE
      WHEN [order_1].[placed] IS NOT NULL
      AND [order_1].[placed] >= CAST('1900-01-01' AS DATE)
      AND [order_1].[placed] < CAST('2200-01-01' AS DATE)
      THEN 'day'
      ELSE 'unknown'
    END
    ELSE 'not_yet'
  END AS [s1],
  CASE
    WHEN [order_1].[placed] IS NOT NULL
    THEN CASE
      WHEN [order_1].[placed] IS NOT NULL
      AND [order_1].[placed] >= CAST('1900-01-01' AS DATE)
      AND [order_1].[placed] < CAST('2200-01-01' AS DATE)
      THEN (
        SELECT [ombud_calendar_3].[day]
        FROM [ombud_calendar] AS [ombud_calendar_3]
        WHERE [ombud_calendar_3].[day] = CONVERT(NVARCHAR(10), [order_1].[placed], 23)
      )
      ELSE NULL
    END
    ELSE NULL
  END AS [d1],
  CASE
    WHEN [order_1].[status] IS NOT NULL
    AND [order_1].[status] + '.' COLLATE Latin1_General_100_BIN2 IN ('sent.', N'it''s \ öppen.')
    THEN 1
    ELSE 0
  END AS [w0]
FROM [order] AS [order_1]
WHERE [order_1].[id] IS NOT NULL;
