/** The first Ctrl-C (or SIGTERM) asks to stop, the second to leave at once. Replaces the program's usual answer. */
export function watchInterrupts(): { readonly stop: AbortSignal; readonly leave: AbortSignal } {
  const [stop, leave] = [new AbortController(), new AbortController()]
  process.removeAllListeners('SIGINT')
  const onSignal = () => (stop.signal.aborted ? leave.abort() : stop.abort())
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return { stop: stop.signal, leave: leave.signal }
}
