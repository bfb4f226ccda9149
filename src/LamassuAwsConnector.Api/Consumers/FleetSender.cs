using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.DeviceManufacturing;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>Sends the connector's work for fleets to its own queue, as CloudEvents like all that it handles.</summary>
internal sealed class FleetSender(IServiceProvider services, CurrentEvent current, TimeProvider timeProvider, IOptions<ConnectorOptions> options) : IFleetSender
{
    public Task SendAsync(WalkDevices walk, CancellationToken cancellationToken) =>
        SendAsync(FleetTypes.WalkDevices, $"dms/{walk.DmsId}", FleetMessages.Walk.Of(walk), cancellationToken);

    public Task SendAsync(WorkOnDevice work, CancellationToken cancellationToken) =>
        SendAsync(FleetTypes.WorkOnDevice, $"device/{work.DeviceId}", FleetMessages.Work.Of(work), cancellationToken);

    public Task SendAsync(LeaveJitp leave, CancellationToken cancellationToken) =>
        SendAsync(FleetTypes.LeaveJitp, $"dms/{leave.DmsId}", FleetMessages.Leave.Of(leave), cancellationToken);

    private Task SendAsync<T>(string type, string subject, T data, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Guid.NewGuid().ToString(),
            ["source"] = $"lamassu-aws-connector/{options.Value.ConnectorId}",
            ["type"] = type,
            ["subject"] = subject,
            ["time"] = timeProvider.GetUtcNow(),
            ["data"] = JsonSerializer.SerializeToNode(data, JsonSerializerOptions.Web),
        };
        var headers = new Dictionary<string, string>();
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            headers[TraceContexts.Parent] = trace;
        }

        // Asked for late: the bus knows the routes, and they the handlers that send.
        return services.GetRequiredService<IEventBus>().SendToFleetQueueAsync(JsonSerializer.SerializeToUtf8Bytes(body), headers, current.Value, cancellationToken);
    }
}
