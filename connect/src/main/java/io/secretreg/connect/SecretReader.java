package io.secretreg.connect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The newest values of one path, and what an answer of the registry means. */
public final class SecretReader {
    /** Servers and proxies take request lines of 8 KiB; what does not fit into one becomes several. */
    private static final int LONGEST_QUERY = 6000;
    /** Of one lookup: a configuration that needs more is none of a connector. */
    static final int MOST_KEYS = 1000;
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final int PATH_NOT_FOUND = 40401;
    private static final int KEY_NOT_FOUND = 40402;

    private final RegistryClient client;

    public SecretReader(RegistryClient client) {
        this.client = client;
    }

    /** Those that are there, of the named keys or, where they are null, of all. Fails with SecretRegistryException. */
    public Map<String, String> read(String path, Set<String> keys) {
        Map<String, String> values = new HashMap<>();
        // A reference without a path: a name that no secret has.
        if (path.isEmpty()) return values;
        if (keys != null && keys.size() > MOST_KEYS)
            throw new SecretRegistryException(SecretRegistryException.UNPROCESSABLE, "a configuration refers to " + keys.size() + " secrets of path "
                    + Shown.name(path) + ": right are " + MOST_KEYS + " at most");
        long end = client.end();
        String target = "/secret/paths/" + Segments.segment(path);
        // The rule that a path is the name of its connector makes this the connector's name, which the audit tells.
        Map<String, String> headers = Map.of("Accept", "application/json", "Registry-Connector", Segments.encoded(path));
        for (String query : keys == null ? List.of("") : queries(keys)) {
            values.putAll(valuesOf(client.get(target + query, headers, end), path, keys));
        }
        return values;
    }

    private static List<String> queries(Set<String> keys) {
        List<String> queries = new ArrayList<>();
        StringBuilder query = new StringBuilder();
        for (String key : new TreeSet<>(keys)) {
            if (!canBeKey(key)) continue;
            String parameter = "key=" + Segments.encoded(key);
            if (query.length() > 0 && query.length() + parameter.length() > LONGEST_QUERY) {
                queries.add(query.toString());
                query.setLength(0);
            }
            query.append(query.length() == 0 ? '?' : '&').append(parameter);
        }
        if (query.length() > 0) queries.add(query.toString());
        return queries;
    }

    /** A key begins with a letter, of the original's rule. One that cannot be there would have the whole request refused. */
    private static boolean canBeKey(String key) {
        return key.matches("(?s)[A-Za-z][^:{}\\\\\\p{Cntrl}]{0,254}");
    }

    private Map<String, String> valuesOf(Answer answer, String path, Collection<String> keys) {
        String subject = keys == null ? "path " + Shown.name(path) : "path " + Shown.name(path) + " (" + Shown.names(new TreeSet<>(keys)) + ")";
        if (answer.status() == 200) return parse(answer, path, keys);
        int code = codeOf(answer);
        if (code == PATH_NOT_FOUND || code == KEY_NOT_FOUND) return Map.of();
        throw new Refusals(client.settings()).of(answer, code, subject);
    }

    /** An array of secrets, each of which was asked for: nothing else is handed on. */
    private Map<String, String> parse(Answer answer, String path, Collection<String> keys) {
        Map<String, String> values = new HashMap<>();
        JsonNode body = jsonOf(answer);
        if (!body.isArray()) throw alien();
        for (JsonNode secret : body) {
            String key = secret.path("key").textValue();
            String value = secret.path("secret").textValue();
            boolean isAsked = path.equals(secret.path("path").textValue()) && key != null && (keys == null || keys.contains(key));
            if (!isAsked || value == null) throw alien();
            values.put(key, value);
        }
        return values;
    }

    /** Jackson's own message would quote the body, so it goes nowhere. */
    private static JsonNode jsonOf(Answer answer) {
        try {
            JsonNode body = JSON.readTree(answer.body());
            return body == null ? JSON.missingNode() : body;
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static int codeOf(Answer answer) {
        return jsonOf(answer).path("error_code").intValue();
    }

    private SecretRegistryException alien() {
        return new SecretRegistryException(
                SecretRegistryException.BAD_GATEWAY,
                "the registry at " + client.settings().place() + " gave an answer that is not one of a registry: is this its address?");
    }
}
