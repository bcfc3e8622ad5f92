// `validate --connect`: what the worker itself says against the connectors of a file, or what is deployed there.
import type { Definition as WorkerDefinition, Validation } from '../connect/worker-answers.ts';
import type { ConnectWorker } from '../connect/worker.ts';
import { SecretregError } from '../errors.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { type Input, type ValidateOptions, validator } from '../validator/validate.ts';
import { isUnique } from '../validator/worker/dummies.ts';
import { type Question, questionsFor } from '../validator/worker/questions.ts';
import { classNamed, type Definition, type WorkerVerdict } from '../validator/worker/verdict.ts';

/** Asks one worker about files, one after another. The definitions of each class are asked for once. */
export class WorkerOpinion {
  readonly #worker: ConnectWorker;
  readonly #definitions = new Map<string, Promise<Definition[]>>();
  #asked = 0;
  #fault: SecretregError | undefined;
  #classes: Promise<string[]> | undefined;

  constructor(worker: ConnectWorker) {
    this.#worker = worker;
  }

  /** How many connectors the worker was asked about. */
  get asked(): number {
    return this.#asked;
  }

  /** Why the worker was not asked any further. What is found without it is reported all the same. */
  get fault(): SecretregError | undefined {
    return this.#fault;
  }

  /** The report with what the worker says of the connectors that have no error so far. */
  async on(input: Input, report: FileReport, options: ValidateOptions): Promise<FileReport> {
    const verdicts = new Map<string, WorkerVerdict>();
    for (const question of await questionsFor(input, report, options)) {
      const verdict = await this.#verdictOrFault(question);
      if (verdict !== undefined) verdicts.set(question.pointer, verdict);
    }
    this.#asked += verdicts.size;
    return verdicts.size === 0 ? report : validator({ ...options, verdicts })(input);
  }

  async #verdictOrFault(question: Question): Promise<WorkerVerdict | undefined> {
    if (this.#fault !== undefined) return undefined;
    try {
      return await this.#verdict(question);
    } catch (error) {
      if (!(error instanceof SecretregError)) throw error;
      this.#fault = error;
      return undefined;
    }
  }

  async #verdict(question: Question): Promise<WorkerVerdict> {
    const { className } = question;
    const classes = await (this.#classes ??= this.#connectorClasses());
    const none = { classes, definitions: [], fields: [] };
    if (classNamed(className, classes) === undefined) return none;
    const own = await this.#definitionsOf(className);
    const verdict = await this.#ask(question, { ...none, definitions: own });
    // Only that answer tells the types of the settings of transforms and the like: other dummies may fit these.
    return isSameQuestion(question, verdict.definitions, own)
      ? verdict
      : this.#ask(question, verdict);
  }

  async #ask(question: Question, known: WorkerVerdict): Promise<WorkerVerdict> {
    const { classes, definitions } = known;
    const { config } = question.asked(definitions);
    const answer = await this.#worker.validate(question.className, config);
    if ('refusal' in answer) return { classes, definitions, fields: [], refusal: answer.refusal };
    const fields = answer.settings.filter(({ errors }) => errors.length > 0);
    return { classes, definitions: merged(definitions, answer), fields };
  }

  async #connectorClasses(): Promise<string[]> {
    const plugins = await this.#worker.plugins();
    return plugins
      .filter(({ type }) => type === 'source' || type === 'sink')
      .map((plugin) => plugin.class);
  }

  #definitionsOf(className: string): Promise<Definition[]> {
    const known = this.#definitions.get(className);
    if (known !== undefined) return known;
    const asked = this.#worker
      .definitions(className)
      .then((all) => all.map((one) => definitionOf(one)));
    this.#definitions.set(className, asked);
    return asked;
  }
}

/** Whether the same would be asked now that more types are known. */
function isSameQuestion(
  question: Question,
  now: readonly Definition[],
  before: readonly Definition[],
): boolean {
  const texts = (definitions: readonly Definition[]) =>
    question.asked(definitions).dummies.map((dummy) => (isUnique(dummy) ? '' : dummy.text));
  return texts(now).join('\n') === texts(before).join('\n');
}

function merged(before: readonly Definition[], { settings }: Validation): Definition[] {
  const all = new Map(before.map((one) => [one.name, one]));
  for (const { definition, recommended } of settings)
    if (definition !== undefined) all.set(definition.name, definitionOf(definition, recommended));
  return [...all.values()];
}

function definitionOf(
  definition: WorkerDefinition,
  recommended: readonly string[] = [],
): Definition {
  const { name, type, documentation, defaultValue } = definition;
  return {
    name,
    type,
    documentation,
    recommended,
    ...(defaultValue !== undefined && { defaultValue }),
  };
}
