package io.secretreg.connect.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.secretreg.connect.HandedOut;
import io.secretreg.connect.ProviderSettings;
import io.secretreg.connect.RegistryClient;
import io.secretreg.connect.SecretRegistryException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens at each request of the worker's REST API, told by neither name of JAX-RS: both registrations call this. */
public final class Guard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rule rule;
    private final Redaction redaction;
    private final List<RegistryClient> clients = new ArrayList<>();
    /** Null where the settings do not ask for it. */
    private final Authorizer authorizer;
    private final Proxy proxy;

    public Guard(RestSettings settings, HandedOut handedOut) {
        rule = new Rule(settings.providers().keySet(), settings.rulesAllProviders());
        redaction = new Redaction(settings.providers(), handedOut);
        if (settings.authorizes() || settings.proxies()) {
            for (ProviderSettings one : new LinkedHashSet<>(settings.providers().values())) clients.add(RegistryClient.forCallers(one));
        }
        authorizer = settings.authorizes() ? new Authorizer(clients) : null;
        proxy = settings.proxies() ? new Proxy(clients.get(0)) : null;
    }

    /** Null where the routes are not to be mounted. */
    Proxy proxy() {
        return proxy;
    }

    /** Before the body is read. Fails with Refusal. */
    public void admit(Call call) {
        if (authorizer == null) return;
        if (call.changesLoggers()) authorizer.require(Authorizer.ADMINISTER, call);
        if (!call.isChange()) return;
        // A POST has its name in the body.
        if (call.connector() == null) authorizer.requireCredentials(call);
        else if (call.isOperation()) authorizer.require(Authorizer.OPERATE, call);
        else authorizer.require(Authorizer.CONFIGURE, call);
    }

    /** What Connect's own reader made of the body, so that there is no second reading to differ from it. Fails with Refusal. */
    public void check(Call call, Object body) {
        if (call.isInternal()) {
            for (Map<String, String> task : Submission.tasks(body)) requireRule(call.connector(), task);
            return;
        }
        Submission submission = Submission.of(call, body);
        if (submission == null) return;
        call.setConnector(submission.connector());
        if (authorizer != null && isToBeAsked(call, submission)) authorizer.require(Authorizer.CONFIGURE, call);
        requireRule(submission.connector(), submission.config());
    }

    /** Writes an answer that {@code written} has, without the values that were handed out. {@code mediaType} may be null. */
    public void answer(Call call, String mediaType, byte[] written, OutputStream out) throws IOException {
        Call known = call == null ? Call.unmatched() : call;
        out.write(known.isOfRegistry() ? written : redaction.of(known, mediaType, written));
    }

    private void requireRule(String connector, Map<String, String> config) {
        try {
            rule.check(connector, config);
        } catch (Refusal e) {
            LOG.warn("secret registry: refused: {}", e.getMessage());
            throw e;
        }
    }

    /** Whoever lets a configuration be validated, has the plugin use the secrets that it refers to. One named by its URL was admitted. */
    private boolean isToBeAsked(Call call, Submission submission) {
        return call.isOfPlugins() ? rule.refersToSecrets(submission.config()) : submission.isNamedInBody();
    }

    /** Connect's shape of an error. Connect logs its own errors only, so a look-up that failed is told here to whoever runs the worker. */
    public static byte[] errorBody(SecretRegistryException error) {
        if (!(error instanceof Refusal)) LOG.warn("secret registry: {}", error.getMessage());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", error.status());
        body.put("message", error.getMessage());
        try {
            return JSON.writeValueAsBytes(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Map<String, String> headersOf(SecretRegistryException error) {
        return error instanceof Refusal ? ((Refusal) error).headers() : Map.of();
    }

    @Override
    public void close() {
        for (RegistryClient client : clients) client.close();
        redaction.close();
    }
}
