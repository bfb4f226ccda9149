using System.Text.Json.Serialization;
using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Devices;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>The connector's messages to itself: what a DMS asks for all of its devices.</summary>
internal sealed partial class FleetMessages(FleetService fleet, DeviceEvents devices, TrustAnchorService trustAnchors, ILogger<FleetMessages> logger)
{
    public async Task<EventOutcome> OnWalkDevices(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken) =>
        await fleet.WalkAsync(cloudEvent.ReadData<Walk>().ToWalk(), cancellationToken) is null ? EventOutcome.Outdated : EventOutcome.Handled;

    public async Task<EventOutcome> OnWorkOnDevice(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var work = cloudEvent.ReadData<Work>().ToWork();
        if (work.Work == DeviceWork.RequestTrustAnchors)
        {
            return await trustAnchors.AskAsync(work.DeviceId, work.Time, work.DmsAsOf, cancellationToken) is RequestShadowActionsOutcome.Requested
                ? EventOutcome.Handled
                : EventOutcome.Ignored;
        }

        var command = new RegisterThing(work.DeviceId)
        {
            OnlyIfKnown = work.Work == DeviceWork.Complete,
            DmsAsOf = work.DmsAsOf,
            IsLastAttempt = delivery.IsLastAttempt,
        };
        return await devices.RegisterAsync(command, cancellationToken);
    }

    public async Task<EventOutcome> OnLeaveJitp(CloudEvent cloudEvent, Delivery delivery, CancellationToken cancellationToken)
    {
        var leave = cloudEvent.ReadData<Leave>().ToLeave() with { IsLastAttempt = delivery.IsLastAttempt };
        switch (await fleet.LeaveJitpAsync(leave, cancellationToken))
        {
            case LeaveJitpOutcome.Waiting waiting:
                Log.Waiting(logger, waiting.Reason);
                return EventOutcome.Waiting;
            case LeaveJitpOutcome.Back:
                return EventOutcome.Outdated;
            default:
                return EventOutcome.Handled;
        }
    }

    internal sealed record Walk
    {
        [JsonPropertyName("dms_id")]
        public required string DmsId { get; init; }

        [JsonPropertyName("work")]
        [JsonConverter(typeof(JsonStringEnumConverter<DeviceWork>))]
        public required DeviceWork DeviceWork { get; init; }

        [JsonPropertyName("time")]
        public required DateTimeOffset Time { get; init; }

        [JsonPropertyName("dms_as_of")]
        public required DateTimeOffset DmsAsOf { get; init; }

        [JsonPropertyName("bookmark")]
        public string? Bookmark { get; init; }

        [JsonPropertyName("then_leave_jitp")]
        public bool ThenLeaveJitp { get; init; }

        public static Walk Of(WalkDevices walk) => new()
        {
            DmsId = walk.DmsId,
            DeviceWork = walk.Work,
            Time = walk.Time,
            DmsAsOf = walk.DmsAsOf,
            Bookmark = walk.Bookmark,
            ThenLeaveJitp = walk.ThenLeaveJitp,
        };

        public WalkDevices ToWalk() => new(DmsId, DeviceWork, Time, DmsAsOf, Bookmark, ThenLeaveJitp);
    }

    internal sealed record Work
    {
        [JsonPropertyName("device_id")]
        public required string DeviceId { get; init; }

        [JsonPropertyName("work")]
        [JsonConverter(typeof(JsonStringEnumConverter<DeviceWork>))]
        public required DeviceWork DeviceWork { get; init; }

        [JsonPropertyName("time")]
        public required DateTimeOffset Time { get; init; }

        [JsonPropertyName("dms_as_of")]
        public required DateTimeOffset DmsAsOf { get; init; }

        public static Work Of(WorkOnDevice work) => new() { DeviceId = work.DeviceId, DeviceWork = work.Work, Time = work.Time, DmsAsOf = work.DmsAsOf };

        public WorkOnDevice ToWork() => new(DeviceId, DeviceWork, Time, DmsAsOf);
    }

    internal sealed record Leave
    {
        [JsonPropertyName("dms_id")]
        public required string DmsId { get; init; }

        [JsonPropertyName("dms_as_of")]
        public required DateTimeOffset DmsAsOf { get; init; }

        [JsonPropertyName("bookmark")]
        public string? Bookmark { get; init; }

        public static Leave Of(LeaveJitp leave) => new() { DmsId = leave.DmsId, DmsAsOf = leave.DmsAsOf, Bookmark = leave.Bookmark };

        public LeaveJitp ToLeave() => new(DmsId, DmsAsOf, Bookmark);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
