package io.secretreg.connect.rest;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;

/** A connector's configuration on its way in. */
final class Submission {
    private static final String ENTITIES = "org.apache.kafka.connect.runtime.rest.entities.";
    private static final String CREATE = ENTITIES + "CreateConnectorRequest";
    private static final String OFFSETS = ENTITIES + "ConnectorOffsets";

    private final String connector;
    private final Map<String, String> config;
    private final boolean isNamedInBody;

    private Submission(String connector, Map<String, String> config, boolean isNamedInBody) {
        this.connector = connector;
        this.config = config;
        this.isNamedInBody = isNamedInBody;
    }

    /** Null where the body has none. Fails with Refusal where a later Connect has a way in that is not known here. */
    static Submission of(Call call, Object body) {
        if (body == null || !(call.isOfConnectors() || call.isOfPlugins())) return null;
        if (body.getClass().getName().equals(OFFSETS)) return null;
        if (call.isOfPlugins() && body instanceof Map) {
            Map<String, String> config = settings(body);
            return new Submission(config.get("name"), config, true);
        }
        if (call.isOfConnectors() && body instanceof Map && call.connector() != null)
            return new Submission(call.connector(), settings(body), false);
        if (call.isOfConnectors() && body.getClass().getName().equals(CREATE)) {
            Object name = read(body, "name");
            Object config = read(body, "config");
            // As Connect names it.
            return new Submission(name == null ? "" : name.toString().trim(), config == null ? Map.of() : settings(config), true);
        }
        throw new Refusal(Refusal.INTERNAL, "the secret registry's REST extension does not know this request of this version of Connect: it can"
                + " hold references, and is refused");
    }

    /** Of the route between workers, which takes bytes. They are read here as Connect reads them behind this. Fails with Refusal. */
    static List<Map<String, String>> tasks(Object body) {
        if (!(body instanceof byte[]) || ((byte[]) body).length == 0) return List.of();
        try {
            TypeFactory types = TypeFactory.defaultInstance();
            JavaType tasks = types.constructCollectionType(List.class, types.constructMapType(Map.class, String.class, String.class));
            return new ObjectMapper().readValue((byte[]) body, tasks);
        } catch (IOException e) {
            throw new Refusal(Refusal.BAD_REQUEST, "the body is no list of configurations of tasks");
        }
    }

    /** Null where there is none. */
    String connector() {
        return connector;
    }

    Map<String, String> config() {
        return config;
    }

    /** Otherwise by its URL. */
    boolean isNamedInBody() {
        return isNamedInBody;
    }

    /** Both ways in declare a map of texts to texts. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> settings(Object map) {
        return (Map<String, String>) map;
    }

    /** The class is the worker's own, of one of several versions. */
    private static Object read(Object body, String property) {
        try {
            return body.getClass().getMethod(property).invoke(body);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new Refusal(Refusal.INTERNAL, "the secret registry's REST extension cannot read a request of this version of Connect");
        }
    }
}
