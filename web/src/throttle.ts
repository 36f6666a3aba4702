// Runs the work soon after it was asked for, then at most once per pause, and always once more
// after the last request.

export function throttled(pause_ms: number, work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = () => {
    work();
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, pause_ms);
  };
  return () => {
    if (timer === undefined) run();
    else again = true;
  };
}
