using LamassuAwsConnector.Api.Consumers;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>Whether the connector handles the events of DMSs themselves. What the tests expect of them, and of what rests on them, hangs on this one line.</summary>
internal static class DmsEvents
{
    public static bool AreHandled => false;

    public static readonly string[] Types = ["dms.create", "dms.update", "dms.metadata.update", "dms.delete"];
}

public sealed class DmsEventsTests
{
    [Fact]
    public async Task The_tests_know_whether_the_events_of_DMSs_are_handled()
    {
        await using var stage = await ReplayStage.StartAsync("aws-iot-prod");

        var routes = stage.Stage.Connector.Services.GetRequiredService<EventRoutes>();

        Assert.All(DmsEvents.Types, type => Assert.Equal(DmsEvents.AreHandled, routes.Find(type) is not null));
    }
}
