-- Cells that nothing holds are blanked; the others stay to the byte. SQL Server 2022: compiled, not run.

UPDATE [order] SET [order] = CASE
  WHEN EXISTS(
    SELECT 1
    FROM [ombud_t_batch_order] AS [ombud_t_batch_order_1]
    WHERE
      [ombud_t_batch_order_1].[k0] = [order].[id]
      AND [ombud_t_batch_order_1].[gone] = 0
      AND [ombud_t_batch_order_1].[c0] = 1
  )
  THEN ''
  ELSE [order].[order]
END, [deliver_to] = CASE
  WHEN EXISTS(
    SELECT 1
    FROM [ombud_t_batch_order] AS [ombud_t_batch_order_2]
    WHERE
      [ombud_t_batch_order_2].[k0] = [order].[id]
      AND [ombud_t_batch_order_2].[gone] = 0
      AND [ombud_t_batch_order_2].[c1] = 1
  )
  THEN NULL
  ELSE [order].[deliver_to]
END
WHERE
  EXISTS(
    SELECT 1
    FROM [ombud_t_batch_order] AS [ombud_t_batch_order_3]
    WHERE
      [ombud_t_batch_order_3].[gone] = 0
      AND ([ombud_t_batch_order_3].[c0] = 1 OR [ombud_t_batch_order_3].[c1] = 1)
      AND [ombud_t_batch_order_3].[k0] = [order].[id]
  );
