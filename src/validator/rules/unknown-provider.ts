import { isForeignTemplate } from '../../domain/foreign-template.ts';
import { partSpan, type Reference } from '../../domain/reference.ts';
import type { Finding } from '../diagnostic.ts';
import { writing } from '../fix.ts';
import { onlyMeant } from '../one-edit.ts';
import { isPlainReference } from '../plain-name.ts';
import type { Rule, ValueContext } from '../rule.ts';
import { visible } from '../../domain/visible.ts';
import { quoted } from '../wording.ts';

export const unknownProvider: Rule = {
  id: 'unknown-provider',
  severity: 'warning',
  sentence:
    'No provider of that name is known, and Kafka would leave the text as it stands. An error where the name can only be a slip of a known one, and with `--worker-config` always, for a worker has no providers but those of its file. Shell defaults, Camel, log4j and Terraform expressions are left alone, and `${secrets:NAMESPACE/NAME:KEY}` and `${configmaps:…}` of Strimzi; without a namespace in its own resources only, where NAME is not the name of the connector.',
  mends: 'where the name is a slip of one known name of more than three letters.',
  each: 'reference',
  check(context, reference) {
    const { providers, needsNames } = context;
    if (providers.isKnown(reference.provider)) return undefined;
    // What is resolved here never gets to Sub.
    if (!needsNames && reference.provider.startsWith('!') && context.mayHoldSub()) return undefined;
    if (isOfKubernetes(context, reference))
      return providers.ofWorker && notOfWorker(context, reference, providers.ofWorker);
    const near = providers.nearest(reference.provider);
    if (near !== undefined) return slip(context, reference, near);
    if (isForeignTemplate(reference)) return undefined;
    if (providers.ofWorker?.includes(reference.provider) === false)
      return notOfWorker(context, reference, providers.ofWorker);
    return {
      ...context.place(partSpan(reference, 'provider')),
      message: `provider ${quoted(reference.provider)} is not known (known: ${providers.all.map(visible).join(', ')}): unless the worker has it, Kafka leaves the text as it stands`,
      isName: true,
      hint: `secretreg.yaml: validate: {providers: [${reference.provider}]}    (where the worker has it; or --worker-config FILE)`,
    };
  },
};

/**
 * `${secrets:namespace/name:key}` and `${configmaps:…}`, as the documentation of Strimzi's Kubernetes Configuration Provider
 * has them: no slip of `secret`. The namespace may be left out (KubernetesResourceIdentifier.fromConfigString), which only in
 * Strimzi's own resources is told from a slip, and there not where the path is what one of the registry would be.
 */
function isOfKubernetes({ connector, name }: ValueContext, { provider, path }: Reference): boolean {
  if (provider !== 'secrets' && provider !== 'configmaps') return false;
  if (connector.isOfStrimzi === true && /^[^/]+$/.test(path)) return path !== name;
  return /^[^/]+\/[^/]+$/.test(path);
}

function notOfWorker(
  { place }: ValueContext,
  reference: Reference,
  names: readonly string[],
): Finding {
  const those = names.length === 0 ? 'none at all' : names.map(visible).join(', ');
  return {
    ...place(partSpan(reference, 'provider')),
    severity: 'error',
    isName: true,
    message: `the worker has no provider ${quoted(reference.provider)} (it has ${those}), and Kafka leaves the text as it stands`,
  };
}

function slip(context: ValueContext, reference: Reference, near: string): Finding {
  const { place, entry, providers } = context;
  const span = partSpan(reference, 'provider');
  const meant = `\${${near}${entry.value.slice(span.end, reference.end)}`;
  return {
    ...place(span),
    severity: 'error',
    isName: true,
    message: `provider ${quoted(reference.provider)} is not known, and Kafka leaves the text as it stands: did you mean ${quoted(near)}?`,
    ...(isPlainReference(meant) && { hint: visible(meant) }),
    ...(onlyMeant(reference.provider, providers.all) === near && {
      fix: writing(near, context, span),
    }),
  };
}
