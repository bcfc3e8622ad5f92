package io.secretreg.connect;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** The addresses of the registry's servers. An address that holds a password is refused, and not shown. */
final class RegistryUrls {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]");
    private static final String EXAMPLE = "https://registry.example.com:8185";

    private RegistryUrls() {}

    static List<URI> parse(Map<String, String> params) {
        String text = Setting.URL.text(params);
        if (text == null) throw Setting.URL.wrong("is missing", "it is the address of the registry, such as " + EXAMPLE);
        boolean isInsecureMeant = Setting.INSECURE_HTTP.flag(params);
        List<URI> urls = new ArrayList<>();
        for (String one : text.split(",")) {
            if (!one.isBlank()) urls.add(parseOne(one.trim(), isInsecureMeant));
        }
        if (urls.isEmpty()) throw refused("names no address");
        return urls;
    }

    private static URI parseOne(String text, boolean isInsecureMeant) {
        URI url;
        try {
            url = new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            // Its text quotes the address, which may hold a password.
            throw refused("is no address");
        }
        if (url.getRawUserInfo() != null || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            throw Setting.URL.wrong("holds a user name or password", "those belong to '" + Setting.BASIC.key + "'");
        }
        boolean isHttps = "https".equalsIgnoreCase(url.getScheme());
        if (!isHttps && !"http".equalsIgnoreCase(url.getScheme())) throw refused("does not begin with https:// or http://");
        if (url.getHost() == null) throw refused("names no host that a URL can have (letters, digits, '-' and '.')");
        if (url.getRawQuery() != null || url.getRawFragment() != null) throw refused("has a '?' or '#' in it");
        if (!isHttps && !isInsecureMeant && !LOOPBACK.matcher(url.getHost()).matches()) {
            throw Setting.URL.wrong("would send secrets and credentials in clear to " + Shown.name(url.getHost()),
                    "use https://, or set '" + Setting.INSECURE_HTTP.key + "=true' where that is meant");
        }
        return url;
    }

    private static ConfigException refused(String problem) {
        return Setting.URL.wrong(problem, "it takes addresses such as " + EXAMPLE + ", with commas between them");
    }
}
