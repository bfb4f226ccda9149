namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What is to be done for every device of a DMS, each by a message of its own.</summary>
public enum DeviceWork
{
    /// <summary>The device with its current identity is a thing, as its DMS asks in mode <c>auto</c>.</summary>
    Register,

    /// <summary>A device that AWS knows already gets the policies and groups of its DMS; one that it doesn't comes by itself.</summary>
    Complete,

    /// <summary>The shadow asks the device to fetch the CAs to trust anew.</summary>
    RequestTrustAnchors,
}

/// <summary>Go through the devices of a DMS, a page at a time: a message for each device of the page, then one for the next page.</summary>
/// <param name="Time">When what asks for it happened; the time of a shadow's actions.</param>
/// <param name="DmsAsOf">The work is done on the word of a DMS that was read at this time or later.</param>
/// <param name="Bookmark">Lamassu's mark of the page; null: the first one.</param>
/// <param name="ThenLeaveJitp">After the last page the DMS's provisioning template has had its day: see <see cref="LeaveJitp"/>.</param>
public sealed record WalkDevices(string DmsId, DeviceWork Work, DateTimeOffset Time, DateTimeOffset DmsAsOf, string? Bookmark = null, bool ThenLeaveJitp = false);

/// <summary>One device's part of a walk.</summary>
public sealed record WorkOnDevice(string DeviceId, DeviceWork Work, DateTimeOffset Time, DateTimeOffset DmsAsOf);

/// <summary>
/// Look, a page at a time, whether AWS knows the certificate of every device of a DMS that has left mode <c>jitp</c>; after the last page the template is
/// removed.
/// </summary>
public sealed record LeaveJitp(string DmsId, DateTimeOffset DmsAsOf, string? Bookmark = null)
{
    /// <summary>Nothing is tried again after this.</summary>
    public bool IsLastAttempt { get; init; }
}

/// <summary>Work that the connector gives to itself: it is kept where events are kept, tried again like them, and comes after them.</summary>
public interface IFleetSender
{
    /// <summary>Returns when the work is safe.</summary>
    Task SendAsync(WalkDevices walk, CancellationToken cancellationToken);

    /// <inheritdoc cref="SendAsync(WalkDevices, CancellationToken)"/>
    Task SendAsync(WorkOnDevice work, CancellationToken cancellationToken);

    /// <inheritdoc cref="SendAsync(WalkDevices, CancellationToken)"/>
    Task SendAsync(LeaveJitp leave, CancellationToken cancellationToken);
}
