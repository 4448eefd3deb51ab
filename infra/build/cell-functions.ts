/** Functions of the cell and of an account's baseline; their settings are in the stacks that hold them. */
export const CELL_FUNCTIONS = ['cell-router', 'cell-sweep', 'activate-rule-set'] as const
