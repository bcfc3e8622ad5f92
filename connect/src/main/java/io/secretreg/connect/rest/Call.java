package io.secretreg.connect.rest;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request as the worker's own router matched it. Nothing here is read from the text of the URL, which has many spellings of
 * one meaning ({@code PUT /connectors;z/x1/config;q}).
 */
public final class Call {
    private static final String RESOURCES = "org.apache.kafka.connect.runtime.rest.resources.";
    private static final String CONNECTORS = RESOURCES + "ConnectorsResource";
    private static final String PLUGINS = RESOURCES + "ConnectorPluginsResource";
    private static final String INTERNAL = RESOURCES + "InternalConnectResource";
    private static final String LOGGING = RESOURCES + "LoggingResource";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    /** What changes whether a connector runs, and not what it does. Any other change is one of its configuration. */
    private static final Set<String> OPERATING = Set.of(
            "restartConnector", "restartTask", "pauseConnector", "resumeConnector", "stopConnector", "resetConnectorActiveTopics");

    private static final Set<String> TASKS = Set.of("getTaskConfigs", "getTasksConfig");

    private final Class<?> resource;
    private final Method handler;
    private final String verb;
    private final Map<String, List<String>> headers;
    private String connector;

    /**
     * {@code resource} and {@code handler} are null where nothing matched, {@code connector} is the decoded part of the URL of
     * that name or null, {@code headers} those of the request or null.
     */
    public Call(Class<?> resource, Method handler, String verb, String connector, Map<String, List<String>> headers) {
        this.resource = resource;
        this.handler = handler;
        this.verb = verb;
        this.connector = connector;
        this.headers = headers == null ? Map.of() : headers;
    }

    /** Of an answer to what was not even matched. */
    static Call unmatched() {
        return new Call(null, null, "GET", null, null);
    }

    boolean isOfConnectors() {
        return isOf(CONNECTORS);
    }

    boolean isOfPlugins() {
        return isOf(PLUGINS);
    }

    /** The route by which one worker of the cluster hands the configurations of tasks to the leader. */
    boolean isInternal() {
        return isOf(INTERNAL);
    }

    /** One of our own routes: the caller asks the registry for a value, and is to see it. */
    boolean isOfRegistry() {
        return resource != null && resource.getPackage() == Call.class.getPackage();
    }

    boolean isChange() {
        return isOfConnectors() && !READING.contains(verb);
    }

    /** At DEBUG, the worker's own server logs what each caller logs in with. */
    boolean changesLoggers() {
        return isOf(LOGGING) && !READING.contains(verb);
    }

    boolean isOperation() {
        return handler != null && OPERATING.contains(handler.getName());
    }

    /** The lists of all connectors. */
    boolean answersList() {
        return isOfConnectors() && verb.equals("GET") && connector == null;
    }

    /** A bare map of settings, of which none is a word of Connect's. */
    boolean answersSettings() {
        return isOfConnectors() && handler != null && Map.class.isAssignableFrom(handler.getReturnType());
    }

    /** The configurations of a connector's tasks. */
    boolean answersTasks() {
        return isOfConnectors() && handler != null && TASKS.contains(handler.getName());
    }

    /** The one that it is about; null for none or many. */
    String connector() {
        return connector;
    }

    /** By the name in its body. */
    void setConnector(String name) {
        connector = name;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    private boolean isOf(String name) {
        return resource != null && resource.getName().equals(name);
    }
}
