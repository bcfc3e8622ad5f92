package io.secretreg.connect;

import java.util.ArrayList;
import java.util.List;

/**
 * References in the grammar of Kafka's ConfigTransformer, {@code \$\{([^}]*?):(([^}]*?):)?([^}]*?)\}}, to the letter: no
 * nesting, no escape, no default, no trimming. Not by that regular expression, which backtracks: 750 hostile characters
 * hold it for five seconds, on the thread that everybody's requests wait for. This scanner looks at each character a
 * bounded number of times.
 */
public final class ReferenceScanner {
    private static final int NOWHERE = Integer.MAX_VALUE;

    private ReferenceScanner() {}

    /** Where {@code what} next stands in {@code text} from {@code from} on, -1 where it does not. Injected to count its steps. */
    interface Find {
        int next(String text, String what, int from);
    }

    /** All references of a text, in order. */
    public static List<Reference> scan(String text) {
        return scan(text, String::indexOf);
    }

    static List<Reference> scan(String text, Find find) {
        List<Reference> references = new ArrayList<>();
        // The next '}' and ':' that were found; they are looked for again only once the scan has passed them.
        int close = -1;
        int colon = -1;
        int open = next(find, text, "${", 0);
        while (open != NOWHERE) {
            int inner = open + 2;
            if (close < inner) close = next(find, text, "}", inner);
            if (close == NOWHERE) break;
            if (colon < inner) colon = next(find, text, ":", inner);
            if (colon > close) {
                open = next(find, text, "${", inner);
                continue;
            }
            int providerEnd = colon;
            colon = next(find, text, ":", providerEnd + 1);
            boolean hasPath = colon < close;
            references.add(new Reference(
                    open,
                    close + 1,
                    text.substring(inner, providerEnd),
                    hasPath ? text.substring(providerEnd + 1, colon) : null,
                    text.substring((hasPath ? colon : providerEnd) + 1, close)));
            open = next(find, text, "${", close + 1);
        }
        return references;
    }

    private static int next(Find find, String text, String what, int from) {
        int index = find.next(text, what, from);
        return index == -1 ? NOWHERE : index;
    }
}
