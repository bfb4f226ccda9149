using LamassuAwsConnector.Api.Health;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class ConnectorEndpoints
{
    public static void MapConnectors(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/connectors", ListConnectors).WithTags("Connectors");

    /// <summary>Shows this connector: the AWS account and region that it serves, and how it is</summary>
    /// <remarks>
    /// The list has one item. Being asked costs AWS nothing once the account is known. AWS being away is no failure of this request: what is not known is
    /// null, and `findings` says why.
    /// </remarks>
    private static async Task<Ok<Page<ConnectorResponse>>> ListConnectors(
        ConnectorService connector, HealthCheckService health, HealthHistory history, CancellationToken cancellationToken)
    {
        var description = connector.DescribeAsync(cancellationToken);
        var report = await health.CheckHealthAsync(cancellationToken);
        history.Seen(report);
        return TypedResults.Ok(new Page<ConnectorResponse>(null, [ConnectorResponse.Of(await description, report)]));
    }
}

/// <param name="Id" example="aws-iot-prod">The connector id that metadata keys use.</param>
/// <param name="Account" example="123456789012">null while AWS does not say it.</param>
/// <param name="Region" example="eu-west-1">The AWS region.</param>
/// <param name="Endpoint">The account's MQTT endpoint, a host name without scheme; null while AWS does not say it.</param>
/// <param name="Dialect"><c>documented</c> or <c>lamassu3</c>: of notes on objects that carry none yet.</param>
/// <param name="State">
/// <c>running</c>; <c>impaired</c>: it runs, and something around it is wrong; <c>not_ready</c>: it can't do its work. `findings` says what is wrong.
/// </param>
internal sealed record ConnectorResponse(
    string Id, string? Account, string Region, string? Endpoint, string Dialect, string State, IReadOnlyList<FindingResponse> Findings)
{
    public static ConnectorResponse Of(ConnectorDescription connector, HealthReport report)
    {
        var findings = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => HealthServices.FindingOf(entry.Key, HealthHistory.ReasonOf(entry.Value)))
            .Concat(connector.Findings)
            .Select(FindingResponse.Of)
            .ToList();
        return new ConnectorResponse(
            connector.Id,
            connector.Account,
            connector.Region,
            connector.IoTCoreMqttEndpoint,
            connector.Dialect == MetadataDialect.Lamassu3 ? "lamassu3" : "documented",
            !HealthServices.IsReady(report) ? "not_ready" : findings.Count > 0 ? "impaired" : "running",
            findings);
    }
}
