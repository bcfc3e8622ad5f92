package io.secretreg.connect.rest;

import io.secretreg.connect.Reference;
import io.secretreg.connect.ReferenceScanner;
import io.secretreg.connect.Shown;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a connector's configuration may hold. The path of a reference is the connector's name: "the connector configuration
 * is rejected if it has variable references with a path that does not match the connector ID" (Confluent, Connect Secret
 * Registry). And a connector brings no providers of its own (CVE-2024-31141): a client in it would read what the worker may
 * read, past this rule.
 */
final class Rule {
    private static final String PROVIDERS = "config.providers";

    private final Collection<String> providers;
    private final boolean countsForAll;

    Rule(Collection<String> providers, boolean countsForAll) {
        this.providers = providers;
        this.countsForAll = countsForAll;
    }

    /** A value may be null, as in a PATCH that takes a setting away. {@code connector} is null where there is no name. Fails with Refusal. */
    void check(String connector, Map<String, String> config) {
        Set<String> own = new LinkedHashSet<>();
        Set<String> foreign = new LinkedHashSet<>();
        Set<String> joined = new LinkedHashSet<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(config).entrySet()) {
            if (setting.getValue() == null) continue;
            String key = setting.getKey();
            if (key.contains(PROVIDERS)) own.add(key);
            for (Reference reference : ReferenceScanner.scan(setting.getValue())) {
                if (isRuled(reference) && !isOf(connector, reference)) foreign.add(Shown.name(key) + " refers to " + pathOf(reference));
                // Of whatever provider: an empty value, or one that ends with '$', is enough.
                if (isJoined(setting.getValue(), reference)) joined.add(key);
            }
        }
        if (!foreign.isEmpty()) throw refused(subject(connector) + " may only refer to secrets under its own name: " + Shown.list(foreign));
        if (!joined.isEmpty()) throw refused(subject(connector) + " may not have a '$' right before a reference, nor a '{' right behind"
                + " one, since the value could make another reference of them: " + Shown.names(joined));
        if (own.isEmpty()) return;
        throw refused(subject(connector) + " may not bring config providers of its own, since they would read what the worker may read: "
                + Shown.names(own) + "; providers belong in the worker's configuration");
    }

    /** Whether a value of ours would be put into it. */
    boolean refersToSecrets(Map<String, String> config) {
        for (String value : config.values()) {
            if (value == null) continue;
            for (Reference reference : ReferenceScanner.scan(value)) {
                if (providers.contains(reference.provider())) return true;
            }
        }
        return false;
    }

    private boolean isRuled(Reference reference) {
        return countsForAll || providers.contains(reference.provider());
    }

    private static boolean isJoined(String text, Reference reference) {
        return text.startsWith("$", reference.start() - 1) || text.startsWith("{", reference.end());
    }

    /** No path is the name of what has none. */
    private static boolean isOf(String connector, Reference reference) {
        return !reference.path().isEmpty() && reference.path().equals(connector);
    }

    private static String pathOf(Reference reference) {
        return reference.hasPath() ? "path " + Shown.name(reference.path()) : "no path";
    }

    private static String subject(String connector) {
        return connector == null || connector.isEmpty() ? "A connector without a name" : "Connector " + Shown.name(connector);
    }

    private static Refusal refused(String message) {
        return new Refusal(Refusal.UNPROCESSABLE, message);
    }
}
