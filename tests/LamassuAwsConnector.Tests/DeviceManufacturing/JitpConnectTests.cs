using Amazon.IoT.Model;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>Devices that connect to AWS before anybody has registered them.</summary>
public sealed class JitpConnectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key, "test-policy")]
    [InlineData(LamassuJson.DocumentedKey, "test-policy")]
    [InlineData(LamassuJson.Lamassu3Key, "thing")]
    [InlineData(LamassuJson.Lamassu3Key, "certificate")]
    [InlineData(LamassuJson.Lamassu3Key, "policy0")]
    public async Task A_device_that_connects_becomes_a_thing_with_policy_and_group(string key, string policy)
    {
        await using var stage = await StartAsync(key, policy: policy);
        await stage.PutWellAsync();
        var serial = await stage.EnrolAsync();
        Assert.Null(await stage.Stage.DescribeThingAsync(Device));

        Assert.True(await stage.ConnectAsync());

        Assert.Equal([stage.Stage.CertificateId(serial)], await stage.Stage.AttachedAsync(Device));
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
        Assert.Equal([policy], await stage.Stage.PoliciesAsync(serial));
        Assert.Equal(["test-group"], await stage.Stage.GroupsAsync(Device));
    }

    [Fact]
    public async Task A_thing_that_is_there_keeps_its_attributes_and_groups()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.Stage.IoT.CreateThingGroupAsync(new CreateThingGroupRequest { ThingGroupName = "theirs" }, Cancellation);
        await stage.Stage.IoT.RegisterThingAsync(
            new RegisterThingRequest
            {
                TemplateBody = """
                    {"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":"meter-1","AttributePayload":{"site":"north"},"ThingGroups":["theirs"]}}}}
                    """,
            },
            Cancellation);
        var serial = await stage.EnrolAsync();

        Assert.True(await stage.ConnectAsync());

        Assert.Equal("north", (await stage.Stage.DescribeThingAsync(Device))!.Attributes["site"]);
        Assert.Equal(["theirs"], await stage.Stage.GroupsAsync(Device));
        Assert.Equal([stage.Stage.CertificateId(serial)], await stage.Stage.AttachedAsync(Device));
    }

    [Fact]
    public async Task Configured_parts_of_the_subject_become_attributes_of_the_thing()
    {
        await using var stage = await StartAsync(
            configuration: [("jitp_subject_attributes:0", "Organization"), ("jitp_subject_attributes:1", "Country")]);
        await stage.PutWellAsync();
        await stage.EnrolAsync(subject: ", O=Acme, C=ES");

        Assert.True(await stage.ConnectAsync());

        Assert.Equal(
            new Dictionary<string, string> { ["Organization"] = "Acme", ["Country"] = "ES" }, (await stage.Stage.DescribeThingAsync(Device))!.Attributes);
    }

    [Fact]
    public async Task A_subject_that_lacks_a_configured_part_is_not_provisioned_and_nobody_is_told()
    {
        await using var stage = await StartAsync(configuration: ("jitp_subject_attributes:0", "Organization"));
        await stage.PutWellAsync();
        var serial = await stage.EnrolAsync();

        Assert.False(await stage.ConnectAsync());

        Assert.Null(await stage.Stage.DescribeThingAsync(Device));
        Assert.Equal("PENDING_ACTIVATION", await stage.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task Without_that_option_the_common_name_alone_is_enough_and_nothing_more_is_declared()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();

        var parameters = (await stage.BodyAsync())["Parameters"]!.AsObject().Select(parameter => parameter.Key);

        Assert.Equal(["AWS::IoT::Certificate::CommonName", "AWS::IoT::Certificate::Id"], parameters);
    }

    [Theory]
    [InlineData("CommonName")]
    [InlineData("organization")]
    [InlineData("Country", "Country")]
    [InlineData("Country", "Organization", "StateName", "SerialNumber")]
    public async Task A_wrong_list_of_subject_parts_stops_the_start(params string[] names)
    {
        var configuration = names.Select((name, index) => ($"jitp_subject_attributes:{index}", (string?)name)).ToArray();

        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestStage.StartAsync(Door.Http, configuration));

        Assert.Contains("jitp_subject_attributes may hold up to 3 different ones of Country, Organization", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_of_a_removed_template_is_a_stranger_again_and_a_thing_stays()
    {
        await using var stage = await StartAsync();
        await stage.PutWellAsync();
        await stage.EnrolAsync();
        Assert.True(await stage.ConnectAsync());
        using var deleted = await stage.DeleteAsync();
        await stage.EnrolAsync("meter-2");

        Assert.False(await stage.ConnectAsync("meter-2"));

        Assert.NotNull(await stage.Stage.DescribeThingAsync(Device));
        Assert.Null(await stage.Stage.DescribeThingAsync("meter-2"));
    }
}
