package io.secretreg.connect.rest;

import java.lang.reflect.Method;
import java.util.List;
import org.apache.kafka.connect.runtime.rest.resources.ConnectorPluginsResource;
import org.apache.kafka.connect.runtime.rest.resources.ConnectorsResource;
import org.apache.kafka.connect.runtime.rest.resources.InternalConnectResource;

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

    static Call about(String connector) {
        return connectors("GET", "getConnectorStatus", connector);
    }

    private static Call call(Class<?> resource, String verb, String handler, String connector, String... authorization) {
        try {
            Method method = resource.getMethod(handler);
            return new Call(resource, method, verb, connector, authorization.length == 0 ? null : List.of(authorization));
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
