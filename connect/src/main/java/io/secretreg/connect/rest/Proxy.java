package io.secretreg.connect.rest;

import io.secretreg.connect.Answer;
import io.secretreg.connect.RegistryClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Hands a request on to the registry as the caller made it, with the caller's own credentials and never the worker's, and the
 * answer back. Nothing of either is kept or logged.
 */
final class Proxy {
    /** As the registry's own limit. */
    static final int LARGEST_BODY = 1024 * 1024;

    private static final List<String> ASKED = List.of("Content-Type", "Accept", "If-Match", "If-None-Match");
    private static final List<String> ANSWERED = List.of(
            "Content-Type", "ETag", "Location", "WWW-Authenticate", "X-Request-Id", "Cache-Control", "X-Content-Type-Options", "Retry-After");
    private static final String ROOT = "/secret/paths";

    private final RegistryClient registry;

    Proxy(RegistryClient registry) {
        this.registry = registry;
    }

    /**
     * {@code template} is the route's own, {@code names} what it found in the URL, not decoded. {@code body} may be null. Fails
     * with SecretRegistryException.
     */
    Answer ask(String method, String template, URI uri, Map<String, List<String>> names, Map<String, List<String>> headers, InputStream body) {
        refuseOtherSites(headers);
        refuseOtherSpellings(uri.getRawPath());
        String target = targetOf(template, names) + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        List<String> authorization = valuesOf(headers, "Authorization");
        if (authorization.size() > 1) throw wrong("there is more than one header 'Authorization'");
        Map<String, String> sent = new LinkedHashMap<>();
        for (String name : ASKED) {
            List<String> values = valuesOf(headers, name);
            if (!values.isEmpty()) sent.put(name, String.join(", ", values));
        }
        byte[] content = body == null ? null : read(body);
        return registry.exchange(method, target, content, sent, authorization.isEmpty() ? null : authorization.get(0));
    }

    /**
     * As the registry does. A browser sends a password that it remembers with whatever a page of any site asks for (Fetch Metadata;
     * RFC 6454 for older ones).
     */
    static void refuseOtherSites(Map<String, List<String>> headers) {
        boolean isOther = false;
        for (String site : valuesOf(headers, "Sec-Fetch-Site")) isOther |= !site.equals("same-origin") && !site.equals("none");
        for (String origin : valuesOf(headers, "Origin")) isOther |= !valuesOf(headers, "Host").contains(origin.replaceFirst("^https?://", ""));
        if (isOther) throw wrong("it was sent by a web page of another site");
    }

    /** What goes back beside status and body. */
    static Map<String, String> headersOf(Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : ANSWERED) {
            String value = answer.header(name).orElse(null);
            if (value != null) headers.put(name, value);
        }
        return headers;
    }

    /** The route as the registry has it, with each name as the caller wrote it. */
    private static String targetOf(String template, Map<String, List<String>> names) {
        String target = ROOT + (template.isEmpty() ? "" : "/" + template);
        for (Map.Entry<String, List<String>> one : names.entrySet()) {
            target = target.replace("{" + one.getKey() + "}", one.getValue().get(0));
        }
        return target;
    }

    /** What one server on the way takes for a name, and the next one for a way (RFC 3986, 3.3 and 5.2.4). */
    private static void refuseOtherSpellings(String path) {
        if (path.indexOf(';') >= 0) throw wrong("a ';' in a name is written %3B");
        for (String segment : path.split("/")) {
            String plain = segment.replace("%2e", ".").replace("%2E", ".");
            if (plain.equals(".") || plain.equals("..")) throw wrong("a path or key is not named '.' or '..'");
        }
        if (!path.chars().allMatch(c -> c > 0x20 && c < 0x7f)) throw wrong("a sign beyond ASCII is written as its UTF-8 in %XX");
    }

    private static Refusal wrong(String message) {
        return new Refusal(Refusal.BAD_REQUEST, message);
    }

    private static byte[] read(InputStream body) {
        try {
            byte[] content = body.readNBytes(LARGEST_BODY + 1);
            if (content.length <= LARGEST_BODY) return content;
        } catch (IOException e) {
            throw wrong("the body could not be read to its end");
        }
        throw new Refusal(Refusal.TOO_LARGE, "the body is larger than " + LARGEST_BODY + " bytes");
    }

    static List<String> valuesOf(Map<String, List<String>> headers, String name) {
        for (Map.Entry<String, List<String>> one : headers.entrySet()) {
            if (one.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) return one.getValue();
        }
        return List.of();
    }
}
