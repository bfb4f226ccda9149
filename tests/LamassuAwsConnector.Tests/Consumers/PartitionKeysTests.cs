using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Consumers;

public sealed class PartitionKeysTests
{
    [Theory]
    [InlineData("09-dms.bind-device-id.first.json", "device/meter-000042")]
    [InlineData("07-device.status.update.json", "device/meter-000042")]
    [InlineData("04-device.create.json", "device/meter-000042")]
    [InlineData("v-device.delete.json", "device/meter-000042")]
    [InlineData("16-certificate.status.update.hold.json", "device/meter-000042")]
    [InlineData("20-certificate.metadata.update.detached.json", "device/meter-000042")]
    [InlineData("01-ca.create.registration-requested-primary.json", "object/3f6b2c1e-8d47-4a5b-9c0e-2f71d6a4b893")]
    [InlineData("v-ca.metadata.update.registration-requested-primary.json", "object/3f6b2c1e-8d47-4a5b-9c0e-2f71d6a4b893")]
    [InlineData("14-dms.update.policies-changed.json", "object/smart-meter-line-1")]
    [InlineData("v-dms.delete.json", "object/smart-meter-line-1")]
    public void Events_of_one_object_have_one_key(string sample, string key) =>
        Assert.Equal(key, PartitionKeys.Of(CloudEvent.Parse(File.ReadAllBytes(Path.Combine(TestFolders.Events, sample)))));

    [Theory]
    [InlineData("""{"device_id":"meter-1"}""")]
    [InlineData("""{"device":{"id":"meter-1"}}""")]
    public void The_documented_bind_event_belongs_to_its_device(string data) =>
        Assert.Equal("device/meter-1", PartitionKeys.Of(Event("device.identity.bound", JsonNode.Parse(data))));

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"updated":null}""")]
    public void Data_without_an_object_fall_back_to_the_subject(string data) =>
        Assert.Equal("ca/1", PartitionKeys.Of(Event("ca.create", JsonNode.Parse(data))));

    private static CloudEvent Event(string type, JsonNode? data) => CloudEvent.Parse(System.Text.Encoding.UTF8.GetBytes(
        new JsonObject { ["specversion"] = "1.0", ["id"] = "1", ["source"] = "s", ["type"] = type, ["subject"] = "ca/1", ["data"] = data }.ToJsonString()));
}
