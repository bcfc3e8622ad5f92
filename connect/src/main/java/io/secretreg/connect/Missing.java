package io.secretreg.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A reference to nothing would stay as it stands without a word, and go to a database as its password. */
final class Missing {
    private Missing() {}

    /** Fails with every key that is not there. */
    static void check(String path, Set<String> keys, Map<String, String> values) {
        List<String> missing = new ArrayList<>(keys);
        missing.removeAll(values.keySet());
        if (missing.isEmpty()) return;
        Collections.sort(missing);
        String what = (missing.size() == 1 ? "secret " : "secrets ") + Shown.names(missing);
        throw new SecretRegistryException(SecretRegistryException.UNPROCESSABLE, path.isEmpty() ? withoutPath(what) : absent(what, path));
    }

    private static String withoutPath(String what) {
        return what + " cannot be looked up, for the reference names no path: right is ${<provider>:<path>:<key>}";
    }

    private static String absent(String what, String path) {
        return what + " of path " + Shown.name(path)
                + " cannot be found: the registry has none of that name for this worker; create it under this path, or ask for"
                + " the right to read the path";
    }
}
