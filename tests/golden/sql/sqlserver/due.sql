-- Which rows go, and which cells are blanked: frozen under the plan. SQL Server 2022: compiled, not run.

WITH [known] AS (
  SELECT
    [ombud_t_fact_order_1].[k0] AS [k0],
    [ombud_t_fact_order_1].[kind] AS [kind],
    [ombud_t_fact_order_1].[kind] AS [above],
    [ombud_t_fact_order_1].[company] AS [company],
    CASE
      WHEN EXISTS(SELECT 1 FROM [ombud_t_state] AS [ombud_t_state_1])
      AND EXISTS(
        SELECT 1
        FROM [ombud_t_owner_order] AS [ombud_t_owner_order_1]
        WHERE
          [ombud_t_owner_order_1].[rid] = [ombud_t_fact_order_1].[rid]
          AND [ombud_t_owner_order_1].[rule] IN ('owner/of/customer')
          AND EXISTS(
            SELECT 1
            FROM [ombud_t_state] AS [ombud_t_state_2]
            WHERE
              [ombud_t_state_2].[who] + '.' = [ombud_t_owner_order_1].[who] + '.'
              AND [ombud_t_state_2].[purpose] = '*'
              AND [ombud_t_state_2].[company] = 'south'
              AND [ombud_t_state_2].[shielded] = 1
          )
      )
      THEN 1
      ELSE 0
    END AS [f0],
    CASE
      WHEN (
        [ombud_t_fact_order_1].[s2] = 'day'
        AND ([ombud_t_fact_order_1].[d2] COLLATE Latin1_General_100_BIN2) >= '1900-01-01'
        AND ([ombud_t_fact_order_1].[d2] COLLATE Latin1_General_100_BIN2) < '2026-06-01'
        OR [ombud_t_fact_order_1].[s2] = 'never'
        OR [ombud_t_fact_order_1].[s2] = 'day'
        AND ([ombud_t_fact_order_1].[d2] COLLATE Latin1_General_100_BIN2) >= '1900-01-01'
        AND ([ombud_t_fact_order_1].[d2] COLLATE Latin1_General_100_BIN2) < '2026-06-01'
        OR [ombud_t_fact_order_1].[s2] = 'never'
        OR EXISTS(SELECT 1 FROM [ombud_t_state] AS [ombud_t_state_3])
        AND EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_2]
          WHERE
            [ombud_t_owner_order_2].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_2].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_2].[status] = 'certain'
        )
        AND NOT EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_3]
          WHERE
            [ombud_t_owner_order_3].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_3].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_3].[status] = 'candidate'
            AND NOT EXISTS(
              SELECT 1
              FROM [ombud_t_owner_order] AS [ombud_t_owner_order_4]
              WHERE
                [ombud_t_owner_order_4].[rid] = [ombud_t_fact_order_1].[rid]
                AND [ombud_t_owner_order_4].[rule] IN ('owner/of/customer')
                AND [ombud_t_owner_order_4].[status] = 'certain'
                AND CASE
                  WHEN SUBSTRING([ombud_t_owner_order_4].[who], 1, 4) = 'was|'
                  THEN 'key|' + SUBSTRING([ombud_t_owner_order_4].[who], 5, 2147483647)
                  ELSE [ombud_t_owner_order_4].[who]
                END + '.' = CASE
                  WHEN SUBSTRING([ombud_t_owner_order_3].[who], 1, 4) = 'was|'
                  THEN 'key|' + SUBSTRING([ombud_t_owner_order_3].[who], 5, 2147483647)
                  ELSE [ombud_t_owner_order_3].[who]
                END + '.'
            )
        )
        AND NOT EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_5]
          WHERE
            [ombud_t_owner_order_5].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_5].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_5].[status] = 'certain'
            AND NOT EXISTS(
              SELECT 1
              FROM [ombud_t_state] AS [ombud_t_state_4]
              WHERE
                [ombud_t_state_4].[who] + '.' = [ombud_t_owner_order_5].[who] + '.'
                AND [ombud_t_state_4].[purpose] = 'service'
                AND [ombud_t_state_4].[company] = 'south'
                AND (
                  [ombud_t_state_4].[removed] = 1
                  OR ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) IS NOT NULL
                  AND [ombud_t_state_4].[ended] IS NOT NULL
                  AND ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) <= [ombud_t_state_4].[ended]
                )
            )
        )
      )
      AND NOT (
        EXISTS(SELECT 1 FROM [ombud_t_state] AS [ombud_t_state_5])
        AND EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_6]
          WHERE
            [ombud_t_owner_order_6].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_6].[rule] IN ('owner/of/customer')
            AND EXISTS(
              SELECT 1
              FROM [ombud_t_state] AS [ombud_t_state_6]
              WHERE
                [ombud_t_state_6].[who] + '.' = [ombud_t_owner_order_6].[who] + '.'
                AND [ombud_t_state_6].[purpose] = 'service'
                AND [ombud_t_state_6].[company] = 'south'
                AND (
                  [ombud_t_state_6].[shielded] = 1
                  OR ([ombud_t_state_6].[postponed] = 1 OR [ombud_t_state_6].[objecting] = 1)
                  AND NOT (
                    ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) IS NOT NULL
                    AND [ombud_t_state_6].[ended] IS NOT NULL
                    AND ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) <= [ombud_t_state_6].[ended]
                  )
                )
            )
        )
      )
      AND NOT EXISTS(
        SELECT 1
        FROM [ombud_t_owner_order] AS [ombud_t_owner_order_7]
        WHERE
          [ombud_t_owner_order_7].[rid] = [ombud_t_fact_order_1].[rid]
          AND [ombud_t_owner_order_7].[rule] IN ('owner/of/customer')
          AND [ombud_t_owner_order_7].[status] = 'open'
      )
      THEN 1
      ELSE 0
    END AS [f1],
    CASE
      WHEN (
        [ombud_t_fact_order_1].[s0] = 'day'
        AND ([ombud_t_fact_order_1].[d0] COLLATE Latin1_General_100_BIN2) >= '1900-01-01'
        AND ([ombud_t_fact_order_1].[d0] COLLATE Latin1_General_100_BIN2) < '2019-01-01'
        OR [ombud_t_fact_order_1].[s0] = 'never'
        OR EXISTS(SELECT 1 FROM [ombud_t_state] AS [ombud_t_state_7])
        AND EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_8]
          WHERE
            [ombud_t_owner_order_8].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_8].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_8].[status] = 'certain'
        )
        AND NOT EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_9]
          WHERE
            [ombud_t_owner_order_9].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_9].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_9].[status] = 'candidate'
            AND NOT EXISTS(
              SELECT 1
              FROM [ombud_t_owner_order] AS [ombud_t_owner_order_10]
              WHERE
                [ombud_t_owner_order_10].[rid] = [ombud_t_fact_order_1].[rid]
                AND [ombud_t_owner_order_10].[rule] IN ('owner/of/customer')
                AND [ombud_t_owner_order_10].[status] = 'certain'
                AND CASE
                  WHEN SUBSTRING([ombud_t_owner_order_10].[who], 1, 4) = 'was|'
                  THEN 'key|' + SUBSTRING([ombud_t_owner_order_10].[who], 5, 2147483647)
                  ELSE [ombud_t_owner_order_10].[who]
                END + '.' = CASE
                  WHEN SUBSTRING([ombud_t_owner_order_9].[who], 1, 4) = 'was|'
                  THEN 'key|' + SUBSTRING([ombud_t_owner_order_9].[who], 5, 2147483647)
                  ELSE [ombud_t_owner_order_9].[who]
                END + '.'
            )
        )
        AND NOT EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_11]
          WHERE
            [ombud_t_owner_order_11].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_11].[rule] IN ('owner/of/customer')
            AND [ombud_t_owner_order_11].[status] = 'certain'
            AND NOT EXISTS(
              SELECT 1
              FROM [ombud_t_state] AS [ombud_t_state_8]
              WHERE
                [ombud_t_state_8].[who] + '.' = [ombud_t_owner_order_11].[who] + '.'
                AND [ombud_t_state_8].[purpose] = 'bookkeeping'
                AND [ombud_t_state_8].[company] = 'south'
                AND (
                  [ombud_t_state_8].[removed] = 1
                  OR ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) IS NOT NULL
                  AND [ombud_t_state_8].[ended] IS NOT NULL
                  AND ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) <= [ombud_t_state_8].[ended]
                )
            )
        )
      )
      AND NOT (
        EXISTS(SELECT 1 FROM [ombud_t_state] AS [ombud_t_state_9])
        AND EXISTS(
          SELECT 1
          FROM [ombud_t_owner_order] AS [ombud_t_owner_order_12]
          WHERE
            [ombud_t_owner_order_12].[rid] = [ombud_t_fact_order_1].[rid]
            AND [ombud_t_owner_order_12].[rule] IN ('owner/of/customer')
            AND EXISTS(
              SELECT 1
              FROM [ombud_t_state] AS [ombud_t_state_10]
              WHERE
                [ombud_t_state_10].[who] + '.' = [ombud_t_owner_order_12].[who] + '.'
                AND [ombud_t_state_10].[purpose] = 'bookkeeping'
                AND [ombud_t_state_10].[company] = 'south'
                AND (
                  [ombud_t_state_10].[shielded] = 1
                  OR [ombud_t_state_10].[postponed] = 1
                  AND NOT (
                    ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) IS NOT NULL
                    AND [ombud_t_state_10].[ended] IS NOT NULL
                    AND ([ombud_t_fact_order_1].[born] COLLATE Latin1_General_100_BIN2) <= [ombud_t_state_10].[ended]
                  )
                )
            )
        )
      )
      AND NOT EXISTS(
        SELECT 1
        FROM [ombud_t_owner_order] AS [ombud_t_owner_order_13]
        WHERE
          [ombud_t_owner_order_13].[rid] = [ombud_t_fact_order_1].[rid]
          AND [ombud_t_owner_order_13].[rule] IN ('owner/of/customer')
          AND [ombud_t_owner_order_13].[status] = 'open'
      )
      THEN 1
      ELSE 0
    END AS [f2],
    CASE
      WHEN CASE
        WHEN [order_1].[order] IS NULL
        OR ([order_1].[order] + '.' COLLATE Latin1_General_100_BIN2) = '.'
        OR ([order_1].[order] + '.' COLLATE Latin1_General_100_BIN2) = '.'
        THEN 1
        ELSE 0
      END = 1
      THEN 1
      ELSE 0
    END AS [f3],
    CASE
      WHEN CASE
        WHEN [order_1].[deliver_to] IS NULL
        OR ([order_1].[deliver_to] + '.' COLLATE Latin1_General_100_BIN2) = '.'
        THEN 1
        ELSE 0
      END = 1
      THEN 1
      ELSE 0
    END AS [f4]
  FROM [ombud_t_fact_order] AS [ombud_t_fact_order_1], [order] AS [order_1]
  WHERE [ombud_t_fact_order_1].[doubt] = 0 AND [ombud_t_fact_order_1].[k0] = [order_1].[id]
)
INSERT INTO [ombud_due_order] ([plan], [k0], [gone], [pinned], [done], [c0], [c1])
SELECT 'PLAN' AS [anon_1], [anon_2].[k0], [anon_2].[gone], 0 AS [anon_3], 0 AS [anon_4], [anon_2].[c0], [anon_2].[c1]
FROM (
  SELECT
    [known].[k0] AS [k0],
    CASE
      WHEN [known].[kind] = '0'
      AND [known].[above] = '0'
      AND [known].[company] = 'south'
      AND [known].[f0] <> 1
      AND [known].[f1] = 1
      AND [known].[f2] = 1
      THEN 1
      ELSE 0
    END AS [gone],
    CASE
      WHEN [known].[kind] = '0'
      AND [known].[above] = '0'
      AND [known].[company] = 'south'
      AND [known].[f3] <> 1
      AND [known].[f0] <> 1
      AND [known].[f1] = 1
      AND [known].[f2] = 1
      THEN 1
      ELSE 0
    END AS [c0],
    CASE
      WHEN [known].[kind] = '0'
      AND [known].[above] = '0'
      AND [known].[company] = 'south'
      AND [known].[f4] <> 1
      AND [known].[f0] <> 1
      AND [known].[f1] = 1
      THEN 1
      ELSE 0
    END AS [c1]
  FROM [known]
) AS [anon_2]
WHERE [anon_2].[gone] = 1 OR [anon_2].[c0] = 1 OR [anon_2].[c1] = 1;
