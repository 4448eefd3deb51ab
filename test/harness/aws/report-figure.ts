import { appendFileSync } from 'node:fs'

/** Notes a measured number for whoever runs the suite for its figures (`FIGURES_FILE`); nobody asked, nobody told. */
export function reportFigure(name: string, value: number): void {
  const file = process.env.FIGURES_FILE
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ name, value })}\n`)
}
