package io.secretreg.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What cannot be had of the registry, in sentences of our own: an upstream's text is never handed on. */
final class Refusals {
    private final ProviderSettings settings;

    Refusals(ProviderSettings settings) {
        this.settings = settings;
    }

    /**
     * Fails with every key that is not there: Kafka would leave a reference to nothing as it stands, without a word, and a
     * database would get it as its password.
     */
    static void requireAll(String path, Set<String> keys, Map<String, String> values) {
        List<String> missing = new ArrayList<>(keys);
        missing.removeAll(values.keySet());
        if (missing.isEmpty()) return;
        Collections.sort(missing);
        String what = (missing.size() == 1 ? "secret " : "secrets ") + Shown.names(missing);
        throw new SecretRegistryException(SecretRegistryException.UNPROCESSABLE, path.isEmpty() ? withoutPath(what) : absent(what, path));
    }

    /**
     * Fails for a value with a reference in it, or with the beginning of one, which the rest could be written behind. Connect resolves
     * the configurations of tasks once more: a connector that copies such a value into one would get what it refers to.
     */
    static void refuseReferences(String path, Map<String, String> values) {
        String begin = null;
        String end = null;
        for (Map.Entry<String, String> one : new TreeMap<>(values).entrySet()) {
            String value = one.getValue();
            if (value.contains("${")) throw reference("the value of secret " + Shown.name(one.getKey()) + " of path " + Shown.name(path) + " has '${' in it");
            if (value.endsWith("$")) begin = one.getKey();
            if (value.startsWith("{")) end = one.getKey();
        }
        if (begin == null || end == null) return;
        throw reference("of path " + Shown.name(path) + " the value of secret " + Shown.name(begin) + " ends with '$' and that of " + Shown.name(end)
                + " begins with '{', which together are '${'");
    }

    /** {@code code} is the registry's {@code error_code}, 0 where the answer has none. */
    SecretRegistryException of(Answer answer, int code, String subject) {
        int status = answer.status();
        String text = subject + " cannot be read: " + reason(answer, code);
        if (!answer.isOfWorking()) return new RegistryUnreachableException(text);
        boolean isOfConnector = status == 422 && code != 0;
        return new SecretRegistryException(isOfConnector ? SecretRegistryException.UNPROCESSABLE : SecretRegistryException.BAD_GATEWAY, text, status == 401);
    }

    private String reason(Answer answer, int code) {
        int status = answer.status();
        String registry = "the registry at " + settings.place();
        String said = status + (code == 0 ? "" : ", code " + code);
        if (status == 401)
            return registry + " does not accept " + settings.credentials().description() + " (" + said
                    + "): it is wrong, expired or revoked; a new token is made by 'secretreg access token create'";
        if (status == 403)
            return registry + " does not allow it to the worker (" + said
                    + "): its principal needs a grant such as DeveloperRead on this path";
        if (status == 407) return "a proxy in between wants a log-in (" + said + ")";
        if (status == 422 && code != 0) return "the registry takes this for no name that a secret can have (" + said + ")";
        if (status == 429) return registry + " has had too many requests (" + said + ")";
        if (status >= 300 && status < 400)
            return registry + " sends on to another address (" + said + "), which is not followed: set 'url' to where the registry is";
        if (status >= 500) return registry + " cannot answer now (" + said + ")";
        return "there is no registry at " + settings.place() + " (it answered " + said + "): is 'url' its address, with the path that a proxy may need?";
    }

    private static SecretRegistryException reference(String what) {
        return new SecretRegistryException(SecretRegistryException.UNPROCESSABLE, what + ", as references have it: a worker would resolve"
                + " such a text again in a task, past the rule that a connector has its own secrets only; right are values that make no '${'");
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
