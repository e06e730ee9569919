-- Cells that nothing holds are blanked; the others stay to the byte. Oracle Database 19c: compiled, not run.

-- order: refused: order.order is NOT NULL, and the empty text that is written there is NULL
