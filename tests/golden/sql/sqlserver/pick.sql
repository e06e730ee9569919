-- The next rows of the batch. SQL Server 2022: compiled, not run.

INSERT INTO [ombud_t_pick_order] ([k0])
SELECT
TOP 1000 [ombud_due_order_1].[k0]
FROM [ombud_due_order] AS [ombud_due_order_1]
WHERE [ombud_due_order_1].[plan] = 'PLAN' AND [ombud_due_order_1].[done] = 0
ORDER BY [ombud_due_order_1].[k0];
