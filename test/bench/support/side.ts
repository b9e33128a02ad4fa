/** One of the two that are compared: a process that does a piece of work when it is told, and says how long it took. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What is told to a side: the name of a work, and its settings. */
export type Work = { readonly work: string } & Readonly<Record<string, unknown>>;

/** What a side found out besides its times. */
export type Facts = Readonly<Record<string, number | string>>;

interface Answer {
  readonly values?: number[];
  readonly facts?: Facts;
  readonly error?: string;
}

/** How to start a side. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A side at work: one JSON object a line, in and out. What it says besides goes to stderr. */
export class Side {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string, undefined>;
  readonly #name: string;
  #stderr = '';
  facts: Facts = {};

  private constructor(name: string, { command, args, env }: Program) {
    this.#name = name;
    const options = {
      stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    };
    const child = spawn(command, args, options);
    this.#child = child;
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stderr.on(
      'data',
      (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-4000)),
    );
    child.on('error', (error) => (this.#stderr += error.message));
  }

  /** Starts a process and lets it prepare a work. */
  static async start(name: string, program: Program, work: Work): Promise<Side> {
    const side = new Side(name, program);
    try {
      side.facts = (await side.#ask(work)).facts ?? {};
      return side;
    } catch (error) {
      side.end();
      throw error;
    }
  }

  /** Does the work so many times. @returns what each took */
  async round(times: number): Promise<number[]> {
    const { values = [], facts } = await this.#ask({ times });
    this.facts = { ...this.facts, ...facts };
    return values;
  }

  async #ask(question: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done === true)
        throw new Error(`${this.#name} ended: ${this.#stderr.trim().split('\n').slice(-8).join('\n')}`);
      if (!value.startsWith('{')) continue;
      const answer: Answer = JSON.parse(value) as Answer;
      if (answer.error !== undefined) throw new Error(`${this.#name}: ${answer.error}`);
      return answer;
    }
  }

  end(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }
}
