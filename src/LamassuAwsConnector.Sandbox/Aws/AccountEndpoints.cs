namespace LamassuAwsConnector.Sandbox.Aws;

internal static class AccountEndpoints
{
    public static IReadOnlyList<Operation> Operations { get; } = [Operation.Control("DescribeEndpoint", "GET /endpoint", Describe, "endpointType")];

    /// <summary>A bare host name, stable for an account and region. Without type it is the legacy endpoint.</summary>
    private static AwsAnswer Describe(AwsCall call)
    {
        var (id, region) = (StandInState.EndpointId(call.State), call.State.Region);
        var address = call.Parameter("endpointType") switch
        {
            "iot:Data-ATS" => $"{id}-ats.iot.{region}.amazonaws.com",
            null or "iot:Data" => $"{id}.iot.{region}.amazonaws.com",
            "iot:CredentialProvider" => $"{id}.credentials.iot.{region}.amazonaws.com",
            "iot:Jobs" => $"{id}.jobs.iot.{region}.amazonaws.com",
            var other => throw AwsException.InvalidRequest($"Unsupported endpointType: {other}"),
        };
        return AwsAnswer.Of(new() { ["endpointAddress"] = address });
    }
}
