package io.secretreg.connect.rest;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.runtime.rest.resources.ConnectorPluginsResource;
import org.apache.kafka.connect.runtime.rest.resources.ConnectorsResource;
import org.apache.kafka.connect.runtime.rest.resources.InternalConnectResource;
import org.apache.kafka.connect.runtime.rest.resources.LoggingResource;

/** Requests as a worker matches them. */
final class Calls {
    private Calls() {}

    static Call connectors(String verb, String handler, String connector, String... authorization) {
        return call(ConnectorsResource.class, verb, handler, connector, authorization);
    }

    static Call validate(String... authorization) {
        return call(ConnectorPluginsResource.class, "PUT", "validateConfigs", null, authorization);
    }

    static Call ofWorkers(String connector) {
        return call(InternalConnectResource.class, "POST", "putTaskConfigs", connector);
    }

    static Call loggers(String verb, String handler, String... authorization) {
        return call(LoggingResource.class, verb, handler, null, authorization);
    }

    static Call about(String connector) {
        return connectors("GET", "getConnectorStatus", connector);
    }

    private static Call call(Class<?> resource, String verb, String handler, String connector, String... authorization) {
        try {
            Method method = resource.getMethod(handler);
            return new Call(resource, method, verb, connector, authorization.length == 0 ? null : Map.of("Authorization", List.of(authorization)));
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
