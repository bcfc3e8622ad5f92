import type { Store } from '../../src/store/store.ts';

/** The same store through an object of its own, some of whose calls can be put in place of these. */
export function wrapped(store: Store): Store {
  return {
    place: store.place,
    givesReplaced: store.givesReplaced,
    auditChains: store.auditChains,
    ...(store.removal !== undefined && { removal: store.removal }),
    ...(store.auditRetention && { auditRetention: store.auditRetention.bind(store) }),
    open: (apply, options) => store.open(apply, options),
    catchUp: () => store.catchUp(),
    reread: () => store.reread(),
    transact: (decide) => store.transact(decide),
    appendAudit: (make) => store.appendAudit(make),
    auditBegin: () => store.auditBegin(),
    auditPositionAt: (time) => store.auditPositionAt(time),
    readAudit: (from) => store.readAudit(from),
    inspect: () => store.inspect(),
    removeResidue: () => store.removeResidue(),
    close: () => store.close(),
  };
}
