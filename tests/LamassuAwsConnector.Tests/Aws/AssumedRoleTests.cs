using System.Text.Json.Nodes;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Aws;

/// <summary><c>aws_config.auth_method: role</c>, against the stand-in's STS.</summary>
public sealed class AssumedRoleTests
{
    private const string Role = "arn:aws:iam::123456789012:role/connector";

    private static readonly (string, string?)[] AsRole = [("aws_config:auth_method", "role"), ("aws_config:role_arn", Role)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_is_assumed_once_while_its_credentials_last()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.RestartConnectorAsync(AsRole);

        await CallAsync(stage);
        await CallAsync(stage);

        Assert.Equal(["AssumeRole", "DescribeEndpoint", "DescribeThing", "DescribeThing"], await CallsAsync(stage));
    }

    [Fact]
    public async Task Credentials_of_a_role_are_renewed_before_they_end()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);

        // Inside the time in which they are taken for ended; AWS would still take them.
        await stage.Stage.StandIns.AwsControl.SendAsync(
            HttpMethod.Put, "session-lifetime", new JsonObject { ["milliseconds"] = 240_000 }, Cancellation);
        await stage.RestartConnectorAsync(AsRole);

        await CallAsync(stage);

        // A call may use what the health check has renewed just before; the one after it may not.
        await UntilAsync(async () =>
        {
            await CallAsync(stage);
            return (await CallsAsync(stage)).SkipWhile(call => call != "DescribeThing").Contains("AssumeRole");
        });
        Assert.Equal(["AssumeRole", "DescribeEndpoint", "AssumeRole", "DescribeThing"], (await CallsAsync(stage)).Take(4));
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_denied_and_tried_again()
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.FailAwsAsync("AssumeRole", 100, "AccessDenied", 403);
        await stage.RestartConnectorAsync(AsRole);

        var failure = await Assert.ThrowsAsync<ConnectorException>(() => CallAsync(stage));
        await stage.Stage.StandIns.AwsControl.SendAsync(HttpMethod.Post, "reset", null, Cancellation);
        await CallAsync(stage);

        Assert.Equal(FailureKind.Denied, failure.Kind);
    }

    private static Task<Amazon.IoT.Model.DescribeThingResponse?> CallAsync(TestStage stage) =>
        stage.Stage.Connector.Services.GetRequiredService<IIoTCore>().DescribeThingAsync("device-1", Cancellation);

    // The health check asks too, when it comes: what is repeated without another call between counts once.
    private static async Task<IReadOnlyList<string>> CallsAsync(TestStage stage)
    {
        var calls = (await stage.AwsCallsAsync()).Select(call => call.Operation).ToList();
        return [.. calls.Where((call, index) => call != "AssumeRole" || index == 0 || calls[index - 1] != call)];
    }
}
