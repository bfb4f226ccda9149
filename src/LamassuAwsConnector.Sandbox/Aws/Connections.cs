using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Aws;

internal sealed record Connection(string ClientId, string CertificateId, string? ThingName, DateTimeOffset ConnectedSince)
{
    public DateTimeOffset? DisconnectedSince { get; init; }

    public string? DisconnectReason { get; init; }

    public bool Connected => DisconnectedSince is null;
}

/// <summary>Devices that are connected, as far as the control API lets them.</summary>
internal static class Connections
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        Operation.Data("DeleteConnection", "DELETE /connections/{clientId}", Delete, "cleanSession preventWillMessage"),
        Operation.Data("GetConnection", "GET /connections/{clientId}", Get, "includeSocketInformation"),
    ];

    /// <summary>Null when the client is connected, else why not.</summary>
    public static string? Connect(ProvisioningContext context, string clientId, CertificateData data)
    {
        var state = context.State;
        if (!data.IsValidAt(context.CertificateTime))
        {
            return "the certificate is expired or not yet valid";
        }

        if (!state.Certificates.TryGetValue(data.Id, out var certificate) && JustInTimeProvisioning.Admitting(state, data) is { } admitting)
        {
            certificate = CertificateRegistration.Add(state, data, admitting, CertificateStatuses.PendingActivation, context.Now);
        }

        if (certificate is null)
        {
            return "the certificate is unknown, and no active CA with auto registration signed it";
        }

        if (
            certificate.Status == CertificateStatuses.PendingActivation
            && JustInTimeProvisioning.Admitting(state, data) is { } ca
            && JustInTimeProvisioning.Provision(context, ca, certificate) is { } failure
        )
        {
            return failure;
        }

        if (certificate.Status != CertificateStatuses.Active)
        {
            return $"the certificate is {certificate.Status}";
        }

        if (!PoliciesOf(state, certificate).Any(name => PolicyDocument.AllowsConnect(state.Policies[name].Default.Document)))
        {
            return "no policy of the certificate or of its things' groups allows iot:Connect";
        }

        state.Connections[clientId] = new Connection(clientId, certificate.Id, ThingOf(certificate), context.Now);
        return null;
    }

    public static string? ThingOf(DeviceCertificate certificate) => certificate.Things.FirstOrDefault();

    /// <summary>False when the client was not connected.</summary>
    public static bool Disconnect(RegionState state, string clientId, string reason, DateTimeOffset now)
    {
        if (state.Connections.GetValueOrDefault(clientId) is not { Connected: true } connection)
        {
            return false;
        }

        state.Connections[clientId] = connection with { DisconnectedSince = now, DisconnectReason = reason };
        return true;
    }

    private static IEnumerable<string> PoliciesOf(RegionState state, DeviceCertificate certificate)
    {
        var groups = certificate.Things.SelectMany(thing => state.Things[thing].Groups).Select(name => state.ThingGroups[name]);
        return certificate.Policies.Concat(groups.SelectMany(group => group.Ancestors.Append(group)).SelectMany(group => group.Policies));
    }

    private static AwsAnswer Delete(AwsCall call)
    {
        var clientId = Names.ClientId(call.Label("clientId"));
        call.Flag("cleanSession");
        call.Flag("preventWillMessage");
        return Disconnect(call.State, clientId, "API_INITIATED_DISCONNECT", call.Now) ? AwsAnswer.None : throw Assumptions.ClientNotConnected(clientId);
    }

    private static AwsAnswer Get(AwsCall call)
    {
        var clientId = Names.ClientId(call.Label("clientId"));
        var withSocket = call.Flag("includeSocketInformation");
        var connection = call.State.Connections.GetValueOrDefault(clientId) ?? throw AwsException.NotFound($"Client {clientId} is not known");
        var answer = new JsonObject
        {
            ["connected"] = connection.Connected,
            ["clientId"] = clientId,
            ["cleanSession"] = true,
            ["keepAliveDuration"] = 60,
            ["connectedSince"] = connection.ConnectedSince.ToUnixTimeMilliseconds(),
            ["sessionExpiry"] = 0,
        };
        answer
            .With("thingName", connection.ThingName)
            .With("disconnectedSince", connection.DisconnectedSince?.ToUnixTimeMilliseconds())
            .With("disconnectReason", connection.DisconnectReason);
        if (withSocket && connection.Connected)
        {
            answer["sourceIp"] = "203.0.113.7";
            answer["sourcePort"] = 50123;
            answer["targetIp"] = "198.51.100.9";
            answer["targetPort"] = 8883;
        }

        return AwsAnswer.Of(answer);
    }
}
