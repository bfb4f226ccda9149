namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>Whether the end state of a replay is right: seven facts over Lamassu, what happened on the way, and AWS.</summary>
internal static class AllFacts
{
    public static IReadOnlyList<Fact> Check(FactInput input) =>
    [
        .. RegisteredDevices.Check(input),
        .. EarlierCertificates.Check(input),
        .. ShutOutCertificates.Check(input),
        .. ThingsOutsideAuto.Check(input),
        .. RegisteredCAs.Check(input),
        .. DmsPolicies.Check(input),
        .. ProvisioningTemplates.Check(input),
    ];
}
