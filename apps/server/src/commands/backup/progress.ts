/** One line on standard error, where somebody sees it move. */
export function showTable(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[Ktable ${done + 1} of ${of}`)
}

export function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
