/** Figures of a server in the text format of Prometheus. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** Upper ends of the durations that are counted, in seconds. */
const ends = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class ApiMetrics {
  readonly #answers = new Map<string, number>();
  readonly #durations = ends.map(() => 0);
  #requests = 0;
  #seconds = 0;
  #photos = 0;
  #batches = 0;

  /** Counts an answer. @param route as in the document, so that strangers cannot make names up */
  answered(route: string, status: number, seconds: number): void {
    const key = `route="${route}",status="${status}"`;
    this.#answers.set(key, (this.#answers.get(key) ?? 0) + 1);
    if (route !== '/v1/predict') return;
    this.#requests++;
    this.#seconds += seconds;
    for (const [place, end] of ends.entries()) if (seconds <= end) this.#durations[place]++;
  }

  /** Counts photos that went to the engine at once. */
  computed(photos: number): void {
    this.#photos += photos;
    this.#batches++;
  }

  /** The text. @param waiting photos in the queue */
  text(waiting: number): string {
    const lines = [
      '# HELP lenslet_requests_total Requests answered.',
      '# TYPE lenslet_requests_total counter',
      ...Array.from(this.#answers, ([key, count]) => `lenslet_requests_total{${key}} ${count}`),
      '# HELP lenslet_predict_seconds Time from a request for predictions to its answer.',
      '# TYPE lenslet_predict_seconds histogram',
      ...ends.map((end, place) => `lenslet_predict_seconds_bucket{le="${end}"} ${this.#durations[place]}`),
      `lenslet_predict_seconds_bucket{le="+Inf"} ${this.#requests}`,
      `lenslet_predict_seconds_sum ${this.#seconds}`,
      `lenslet_predict_seconds_count ${this.#requests}`,
      '# HELP lenslet_photos_total Photos predicted.',
      '# TYPE lenslet_photos_total counter',
      `lenslet_photos_total ${this.#photos}`,
      '# HELP lenslet_batches_total Times that photos went to the engine together.',
      '# TYPE lenslet_batches_total counter',
      `lenslet_batches_total ${this.#batches}`,
      '# HELP lenslet_photos_waiting Photos in the queue.',
      '# TYPE lenslet_photos_waiting gauge',
      `lenslet_photos_waiting ${waiting}`,
    ];
    return `${lines.join('\n')}\n`;
  }
}
