using LamassuAwsConnector.Core.DeviceManufacturing;

namespace LamassuAwsConnector.Core.DryRuns;

internal sealed class RecordingFleetSender(CallPlan plan) : IFleetSender
{
    public Task SendAsync(WalkDevices walk, CancellationToken cancellationToken)
    {
        plan.Connector($"every device of the DMS: {walk.Work switch
        {
            DeviceWork.Register => "register it as a thing",
            DeviceWork.Complete => "complete its policies and groups",
            _ => "ask it for its CAs to trust",
        }}", walk.DmsId);
        if (walk.ThenLeaveJitp)
        {
            plan.Connector("remove the DMS's provisioning template when its devices are registered", walk.DmsId);
        }

        return Task.CompletedTask;
    }

    public Task SendAsync(WorkOnDevice work, CancellationToken cancellationToken)
    {
        plan.Connector(work.Work.ToString(), work.DeviceId);
        return Task.CompletedTask;
    }

    public Task SendAsync(LeaveJitp leave, CancellationToken cancellationToken)
    {
        plan.Connector("remove the DMS's provisioning template when its devices are registered", leave.DmsId);
        return Task.CompletedTask;
    }
}
