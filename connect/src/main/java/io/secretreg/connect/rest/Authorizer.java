package io.secretreg.connect.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.secretreg.connect.Answer;
import io.secretreg.connect.RegistryClient;
import io.secretreg.connect.RegistryUnreachableException;
import io.secretreg.connect.Segments;
import io.secretreg.connect.Shown;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the registry whether a caller may, with the caller's own credentials: who configures connector X is handed the secrets
 * of X. Each question is a line of the registry's audit. Where the registry does not say yes, the answer is no.
 */
final class Authorizer {
    /** What a SystemAdmin may, and on the path a ResourceOwner and a DeveloperManage. */
    static final String CONFIGURE = "configure";
    /** To start, stop and pause shows nobody a value: whoever sees what is there may, as an Operator does. */
    static final String OPERATE = "list";

    /** What a SystemAdmin may, on no path. */
    static final String ADMINISTER = "credentials";

    private static final Logger LOG = LoggerFactory.getLogger(Authorizer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHALLENGE = "Bearer realm=\"secretreg\", Basic realm=\"secretreg\"";

    private final List<RegistryClient> registries;

    Authorizer(List<RegistryClient> registries) {
        this.registries = registries;
    }

    /** Fails with Refusal: 401, 403, or 503 where the registry is away. */
    void require(String action, Call call) {
        String credentials = requireCredentials(call);
        String connector = action.equals(ADMINISTER) ? null : call.connector();
        if (!action.equals(ADMINISTER) && (connector == null || connector.isEmpty()))
            throw new Refusal(Refusal.UNPROCESSABLE, "a connector without a name cannot be configured: the right to do so is one on its name");
        for (RegistryClient registry : registries) {
            Answer answer = ask(registry, action, connector, credentials);
            if (answer.status() != 200) throw refusal(answer, connector);
            if (!isAllowed(answer)) throw forbidden(action, connector);
        }
    }

    /** Fails with Refusal where there are none, or more than one server could choose between. */
    String requireCredentials(Call call) {
        Proxy.refuseOtherSites(call.headers());
        List<String> all = Proxy.valuesOf(call.headers(), "Authorization");
        if (all.size() > 1) throw new Refusal(Refusal.BAD_REQUEST, "there are " + all.size() + " headers 'Authorization': one is right");
        if (!all.isEmpty() && !all.get(0).isBlank()) return all.get(0);
        throw unauthorized("to change anything of this worker takes a log-in at the secret registry: a token, or user and password", CHALLENGE);
    }

    private static Answer ask(RegistryClient registry, String action, String connector, String credentials) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json", "Accept", "application/json"));
        Map<String, String> question = new HashMap<>(Map.of("action", action));
        if (connector != null) {
            headers.put("Registry-Connector", Segments.encoded(connector));
            question.put("path", connector);
        }
        try {
            return registry.exchange("POST", "/access/check", JSON.writeValueAsBytes(question), headers, credentials);
        } catch (RegistryUnreachableException e) {
            LOG.warn("secret registry: nobody can change {}: {}", subject(connector), e.getMessage());
            throw new Refusal(Refusal.UNAVAILABLE, "whether you may change " + subject(connector) + " cannot be asked now: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAllowed(Answer answer) {
        try {
            JsonNode decision = JSON.readTree(answer.body());
            return decision != null && decision.path("allowed").isBoolean() && decision.path("allowed").booleanValue();
        } catch (IOException e) {
            return false;
        }
    }

    private static String subject(String connector) {
        return connector == null ? "the loggers of this worker" : "connector " + Shown.name(connector);
    }

    private static Refusal forbidden(String action, String connector) {
        String name = connector == null ? null : Shown.name(connector);
        String hint = connector == null
                ? "change the loggers of this worker, which can write into its log what callers log in with: that takes SystemAdmin"
                : action.equals(CONFIGURE)
                ? "configure connector " + name + ", and so be handed its secrets: that takes ResourceOwner or DeveloperManage on path " + name
                : "start or stop connector " + name + ": that takes a role on path " + name + ", or Operator";
        LOG.warn("secret registry: refused: somebody without a right to it wanted to {}", hint);
        return new Refusal(Refusal.FORBIDDEN, "You may not " + hint);
    }

    private static Refusal refusal(Answer answer, String connector) {
        int status = answer.status();
        if (status == 401)
            return unauthorized(
                    "the secret registry does not accept these credentials: they are wrong, expired or revoked",
                    answer.header("WWW-Authenticate").orElse(CHALLENGE));
        if (status == 422 && connector != null)
            return new Refusal(Refusal.UNPROCESSABLE, "the secret registry takes " + Shown.name(connector) + " for no name that a path of secrets can have,"
                    + " so nobody has the right to configure such a connector");
        return new Refusal(Refusal.UNAVAILABLE, "whether you may change " + subject(connector)
                + " cannot be asked now: the secret registry answered " + status);
    }

    private static Refusal unauthorized(String message, String challenge) {
        return new Refusal(Refusal.UNAUTHORIZED, message, Map.of("WWW-Authenticate", challenge));
    }
}
