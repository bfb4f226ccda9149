namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>
/// What follows when a person takes just-in-time provisioning away from a DMS whose devices are to be registered one by one from then on. The template may
/// go only after the devices that AWS has not met yet are registered.
/// </summary>
public interface ILeaveJitp
{
    /// <summary>Sets it going; it may be done later. The DMS is in mode auto already.</summary>
    Task LeaveAsync(string dmsId, CancellationToken cancellationToken);
}

/// <summary>The template goes at once; devices that have not connected yet are registered when they are asked for.</summary>
internal sealed class LeaveJitpAtOnce(Func<JitpTemplateService> templates) : ILeaveJitp
{
    public Task LeaveAsync(string dmsId, CancellationToken cancellationToken) => templates().RemoveAsync(dmsId, cancellationToken);
}
